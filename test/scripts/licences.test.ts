import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { licencesPage } from '../../scripts/licences.mjs'

interface Shipped {
  readonly packages: readonly { name: string; version: string; licence: string; texts: readonly number[] }[]
  readonly texts: readonly string[]
}

const read = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T
const shipped = read<Shipped>('out/renderer/licences.json')

test('every package that the app depends on stands in the list, under the licence that it names', () => {
  const { dependencies } = read<{ dependencies: Record<string, string> }>('package.json')
  const licenceOf = (name: string): string | undefined => shipped.packages.find((one) => one.name === name)?.licence
  const names = Object.keys(dependencies)
  const expected = names.map((name) => [name, read<{ license: string }>(`node_modules/${name}/package.json`).license])
  expect(names.map((name) => [name, licenceOf(name)])).toEqual(expected)
})

test('what they depend on themselves, and the crates of the addon, stand in it with their texts', () => {
  const textOf = (name: string): string | undefined => {
    const { texts = [] } = shipped.packages.find((one) => one.name === name) ?? {}
    return texts.map((text) => shipped.texts[text]).join('\n')
  }
  expect(textOf('scheduler')).toContain('Permission is hereby granted')
  expect(textOf('pijul-core')).toContain('GNU GENERAL PUBLIC LICENSE')
  expect(textOf('blake3')).toContain('Apache License')
  expect(shipped.packages.filter(({ licence }) => licence.trim() === '')).toEqual([])
})

test('nothing that only builds or tests Ize stands in it', () => {
  const names = shipped.packages.map(({ name }) => name)
  for (const name of ['esbuild', 'vitest', 'playwright-core', 'syn', 'napi-build']) expect(names).not.toContain(name)
})

test('the list in docs is that of the build', () => {
  expect(readFileSync('docs/licences.md', 'utf8'), 'run node scripts/licences.mjs').toBe(licencesPage())
})
