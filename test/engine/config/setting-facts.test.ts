import { expect, test } from 'vitest'
import { configKeys } from '../../../src-main/engine/config/schema.ts'
import { fieldText, settingGroups, valueText } from '../../../src-renderer/settings/setting-facts.ts'

test('every setting on the screen is one of the engine’s', () => {
  const shown = settingGroups.flatMap(({ settings }) => settings.map(({ key }) => key))
  expect(shown.filter((key) => !(configKeys as readonly string[]).includes(key))).toEqual([])
})

test('patterns are lines in the field and a list in the file', () => {
  const list = { kind: 'list' } as const
  expect(valueText(list, ' build/ \n\n*.tmp\n')).toBe('["build/","*.tmp"]')
  expect(fieldText(list, ['build/', '*.tmp'])).toBe('build/\n*.tmp')
})

test('a number is shown in its unit and kept in that of the file', () => {
  const kind = { kind: 'number', unit: 1_048_576, suffix: 'MiB' } as const
  expect(fieldText(kind, 268_435_456)).toBe('256')
  expect(valueText(kind, '1,024')).toBe('1073741824')
  expect(valueText(kind, 'many')).toBe(null)
  expect(valueText(kind, '')).toBe(null)
})
