import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowsOf } from '../../../src-renderer/history/moments/rows.ts'
import { dayName } from '../../../src-renderer/ui/time.ts'
import { moment } from './moment.ts'

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
        if (row.kind === 'day') heading = dayName(row.time)
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
