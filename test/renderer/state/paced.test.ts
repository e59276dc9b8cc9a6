import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { paced } from '../../../src-renderer/state/paced.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('tells at once what comes alone, and together what comes in a crowd, the last included', () => {
  const told: string[][] = []
  const hear = paced<string>(500, (heard) => told.push([...heard]))
  hear('a')
  expect(told).toEqual([['a']])
  for (const one of ['b', 'a', 'b']) hear(one)
  expect(told).toHaveLength(1)
  vi.advanceTimersByTime(500)
  expect(told.slice(1)).toEqual([['b', 'a']])
  hear('c')
  vi.advanceTimersByTime(499)
  expect(told).toHaveLength(2)
  vi.advanceTimersByTime(1)
  expect(told[2]).toEqual(['c'])
  vi.advanceTimersByTime(5000)
  hear('d')
  expect(told[3]).toEqual(['d'])
  expect(told).toHaveLength(4)
})
