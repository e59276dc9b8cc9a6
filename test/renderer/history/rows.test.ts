import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  closedRows,
  indexOfMoment,
  type Operations,
  type Row,
  withOperations,
} from '../../../src-renderer/history/moments/rows.ts'
import type { Moment } from '../../../src-renderer/state/projects.ts'
import { dayName } from '../../../src-renderer/ui/time.ts'
import { moment } from './moment.ts'

const rowsOf = (moments: readonly Moment[], open: ReadonlyMap<number, Operations>): readonly Row[] =>
  withOperations(closedRows(moments).rows, open)
const at = (instant: number): string => new Date(instant).toISOString().replace('Z', '000000Z')

test('each day has one heading, above its moments', () => {
  const now = new Date(2026, 10, 21, 15).getTime()
  const hours = [0, 1, 14.9, 15.1, 40]
  const rows = rowsOf(
    hours.map((hour) => moment({ time: at(now - hour * 3_600_000) })),
    new Map(),
  )
  expect(rows.map(({ kind }) => kind)).toEqual(['day', 'moment', 'moment', 'moment', 'day', 'moment', 'day', 'moment'])
})

test('midnight begins the day, to the nanosecond', () => {
  const midnight = new Date(2026, 10, 21).getTime()
  const rows = rowsOf(
    [moment({ time: at(midnight) }), moment({ time: at(midnight - 1).replace('000000Z', '999999Z') })],
    new Map(),
  )
  expect(rows.map(({ kind }) => kind)).toEqual(['day', 'moment', 'day', 'moment'])
})

test('headings are those of the moments below them, whatever the times', () => {
  const times = fc.array(fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2030, 0) }), { maxLength: 30 })
  fc.assert(
    fc.property(times, (instants) => {
      let heading: string | null = null
      const rows = rowsOf(
        instants.map((instant) => moment({ time: at(instant) })),
        new Map(),
      )
      for (const row of rows) {
        if (row.kind === 'day') heading = dayName(row.moment.time)
        if (row.kind === 'moment') expect(dayName(row.moment.time)).toBe(heading)
      }
      expect(rows.filter(({ kind }) => kind === 'moment').length).toBe(instants.length)
    }),
  )
})

test('an open moment has its operations below it', () => {
  const [one, two] = [moment({ first: 2 }), moment({ first: 1 })]
  const rows = rowsOf([one, two], new Map([[2, { state: 'loading', entries: [], more: false }]]))
  expect(rows.map(({ kind }) => kind)).toEqual(['day', 'moment', 'operations', 'moment'])
})

test('positions count moments alone', () => {
  const rows = rowsOf(
    Array.from({ length: 5 }, () => moment()),
    new Map(),
  )
  expect(rows.flatMap((row) => (row.kind === 'moment' ? [row.position] : []))).toEqual([1, 2, 3, 4, 5])
})

test('pages that are added give the rows that all of them give at once', () => {
  const now = new Date(2026, 10, 21, 15).getTime()
  const all = Array.from({ length: 60 }, (_, index) =>
    moment({ first: 100 - index, time: at(now - index * 5_000_000) }),
  )
  fc.assert(
    fc.property(fc.nat(60), fc.nat(60), (a, b) => {
      const [few, more] = [Math.min(a, b), Math.max(a, b)]
      const rows = closedRows(all, closedRows(all.slice(0, more), closedRows(all.slice(0, few))))
      expect(rows).toEqual(closedRows(all))
    }),
  )
  const named = all.map((one, index) => (index === 3 ? { ...one, names: ['draft'] } : one))
  expect(closedRows(named, closedRows(all))).toEqual(closedRows(named))
})

test('each moment is found among the rows, and none that is not there', () => {
  const all = Array.from({ length: 50 }, (_, index) =>
    moment({ first: 200 - 2 * index, time: at(Date.UTC(2026, 10, 21) - index * 9e6) }),
  )
  const rows = rowsOf(all, new Map([[150, { state: 'loading', entries: [], more: false }]]))
  for (const one of all) expect(rows[indexOfMoment(rows, one.first)]).toMatchObject({ kind: 'moment', moment: one })
  for (const first of [0, 151, 999]) expect(indexOfMoment(rows, first)).toBe(-1)
})
