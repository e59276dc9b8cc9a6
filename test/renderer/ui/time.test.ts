import { expect, test } from 'vitest'
import { thenTime, timeOf } from '../../../src-renderer/ui/time.ts'

const noon = new Date(2026, 10, 18, 12, 0).getTime()
const before = (minutes: number): string => thenTime(timeOf(noon - minutes * 60_000), noon)

test('a past time stands behind "as it was" as people say it', () => {
  expect([0, 1, 3].map(before)).toEqual(['a moment ago', '1 minute ago', '3 minutes ago'])
  expect(before(3 * 60)).toBe('at 09:00')
  expect(before(24 * 60)).toBe('yesterday at 12:00')
  expect(before(2 * 24 * 60)).toMatch(/^on \p{L}+ at 12:00$/u)
  expect(before(-10)).toBe('at 12:10')
})
