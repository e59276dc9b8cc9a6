import { expect, test } from 'vitest'
import {
  comparisonOf,
  defaultPath,
  defaultSides,
  momentName,
  parseMoment,
  sidesOf,
  tagName,
} from '../../../src-renderer/history/moments/choose.ts'
import { moment } from './moment.ts'

const one = moment({ first: 4, last: 6 })

test('what is gone is shown as it was before, beside now', () => {
  expect(defaultSides(one, 'delete', false)).toEqual({ from: 'hash3', to: null })
})

test('a change is shown by what it did, up to now where nothing came after', () => {
  expect(defaultSides(one, 'edit', false)).toEqual({ from: 'hash3', to: 'hash6' })
  expect(defaultSides(one, 'edit', true)).toEqual({ from: 'hash3', to: null })
})

test('what was not there before has no side before', () => {
  expect(defaultSides(one, 'create', false)).toEqual({ from: null, to: 'hash6' })
})

test('comparisons are known again by their sides', () => {
  for (const comparison of ['did', 'before-now', 'after-now'] as const)
    expect(comparisonOf(sidesOf(one, comparison, false), one, false)).toBe(comparison)
  expect(comparisonOf({ from: 'other', to: null }, one, false)).toBeNull()
})

test('a moment opens with the folder that went as a whole, else with its first path', () => {
  const gone = ['a/b', 'a/c', 'a'].map((path) => ({ path, action: 'delete' as const, from: null }))
  expect(defaultPath(moment({ paths: gone, removed: 3, count: 3 }))).toBe('a')
  expect(defaultPath(moment())).toBe('notes.txt')
  expect(defaultPath(moment({ paths: [], count: 0 }))).toBeNull()
})

test('a moment’s name in an address leads back to it', () => {
  expect(parseMoment(momentName(one))).toEqual({ first: 4, last: 6 })
  for (const text of ['', '4', '6-4', 'a-b', '-1-2', '1-2-3']) expect(parseMoment(text)).toBeNull()
})

test('a name is given without spaces', () => {
  expect(tagName('  before the   rewrite ')).toBe('before-the-rewrite')
})
