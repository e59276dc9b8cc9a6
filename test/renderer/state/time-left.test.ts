import { expect, test } from 'vitest'
import { leftText, timeLeft } from '../../../src-renderer/state/time-left.ts'

test('half done in ten seconds leaves ten', () => {
  expect(timeLeft({ begun: 0, now: 10_000, done: 50, total: 100 })).toBe(10_000)
})

test('nothing is guessed at the beginning, nor where the end is not known', () => {
  expect(timeLeft({ begun: 0, now: 1000, done: 50, total: 100 })).toBe(null)
  expect(timeLeft({ begun: 0, now: 60_000, done: 0, total: 100 })).toBe(null)
  expect(timeLeft({ begun: 0, now: 60_000, done: 5, total: null })).toBe(null)
  expect(timeLeft({ begun: 0, now: 60_000, done: 0, total: 0 })).toBe(null)
})

test('the farther, the vaguer', () => {
  expect(leftText(3200)).toBe('4 s left')
  expect(leftText(61_000)).toBe('about a minute left')
  expect(leftText(170_000)).toBe('about 3 minutes left')
  expect(leftText(3_700_000)).toBe('about an hour left')
})
