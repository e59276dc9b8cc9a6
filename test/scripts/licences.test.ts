import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { licences } from '../../src-renderer/settings/licences.ts'

const read = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>

test('every package that is shipped stands in the list, under the licence that it names', () => {
  const { dependencies, optionalDependencies } = read('package.json')
  const names = Object.keys({ ...(dependencies as object), ...(optionalDependencies as object) })
  const listed = new Map(licences.map(({ name, licence }) => [name, licence]))
  const expected = names.map((name) => [name, read(`node_modules/${name}/package.json`)['license']])
  expect(names.map((name) => [name, listed.get(name)])).toEqual(expected)
})
