import { expect, test } from 'vitest'
import { nextRow } from '../../../src-renderer/ui/list-keys.ts'

test('arrows go from row to row and stay at the end', () => {
  expect(nextRow('ArrowDown', -1, 3)).toBe(0)
  expect(nextRow('ArrowDown', 2, 3)).toBe(2)
  expect(nextRow('ArrowUp', 2, 3)).toBe(1)
})

test('up from the first row leads out of the list', () => {
  expect(nextRow('ArrowUp', 0, 3)).toBe(-1)
})

test('Home and End lead to the ends, other keys and an empty list nowhere', () => {
  expect(nextRow('Home', 2, 3)).toBe(0)
  expect(nextRow('End', 0, 3)).toBe(2)
  expect(nextRow('x', 0, 3)).toBe(null)
  expect(nextRow('ArrowDown', -1, 0)).toBe(null)
})
