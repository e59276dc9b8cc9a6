import { expect, test } from 'vitest'
import { worriesOf } from '../../src-main/app/notify/worries.ts'
import { project, status, view } from './view.ts'

const ids = (...of: Parameters<typeof worriesOf>): string[] => worriesOf(...of).map(({ id }) => id)

test('nothing is worrying while all goes well, and before anything is known of the disk', () => {
  expect(ids(view([project()], [status()]), null)).toEqual([])
  expect(ids(view([project()], [status()]), { free: 50e9, total: 100e9 })).toEqual([])
})

test('a disk that gets full is told before it is: below 5 % or 2 GB', () => {
  expect(ids(view([]), { free: 1.9e9, total: 10e9 })).toEqual(['space'])
  expect(ids(view([]), { free: 40e9, total: 1000e9 })).toEqual(['space'])
})

test('changes that wait for ten minutes are told, but not while history is paused on request', () => {
  const pending = { operations: 3, bytes: 1, age: 600_000 }
  expect(ids(view([project()], [status({ pending })]), null)).toEqual(['stuck id-thesis'])
  const pausedUntil = '2026-11-21T11:00:00.000000000Z'
  expect(ids(view([project()], [status({ pending, pausedUntil })]), null)).toEqual([])
})

test('a problem that is replaced by another one is told anew', () => {
  const [first] = ids(view([project({ problem: 'one' })]), null)
  const [second] = ids(view([project({ problem: 'two' })]), null)
  expect(first).not.toBe(second)
})
