import { expect, test } from 'vitest'
import { recentRows, rowKey, type Thing } from '../../../src-renderer/entrance/recent-rows.ts'
import type { Moment } from '../../../src-renderer/state/projects.ts'

function thing(path: string, change: number, part: Partial<Thing> = {}): Thing {
  const time = `2026-11-21T14:00:${String(change).padStart(2, '0')}.000000000Z`
  const rest = { type: 'file', action: 'create', files: 1, program: 'npm', before: null, versions: 1 } as const
  return { path, change, time, ...rest, ...part }
}

function moment(first: number, last: number, count: number): Moment {
  const at = '2026-11-21T14:00:00.000000000Z'
  const rest = { kind: 'several', before: null, after: 'h', programs: ['npm'], command: ['npm', 'install'] } as const
  return {
    first,
    last,
    from: at,
    time: at,
    ...rest,
    programs: ['npm'],
    command: ['npm', 'install'],
    count,
    removed: 0,
    folders: 0,
    removedFolders: 0,
    paths: [],
    note: null,
    names: [],
  }
}

test('what one program did to many files is one line that counts them all', () => {
  const things = Array.from({ length: 6 }, (_, n) => thing(`f${n}`, 20 - n))
  const [row, ...others] = recentRows([{ project: 'site', things, moments: [moment(10, 20, 1214)] }])
  expect(others).toEqual([])
  expect(row).toMatchObject({ kind: 'moment', path: 'f0', count: 1214 })
})

test('two files of one moment stay two lines', () => {
  const things = [thing('a', 11), thing('b', 10)]
  const rows = recentRows([{ project: 'site', things, moments: [moment(10, 11, 2)] }])
  expect(rows.map(({ kind }) => kind)).toEqual(['thing', 'thing'])
})

test('what was deleted is counted by what is still gone, not by all that the moment touched', () => {
  const things = Array.from({ length: 4 }, (_, n) => thing(`f${n}`, 20 - n, { action: 'delete' }))
  const [row] = recentRows([{ project: 'site', things, moments: [moment(10, 20, 30)] }])
  expect(row).toMatchObject({ count: 4, action: 'delete' })
})

test('the lines of all projects stand in the order of time, each under a key of its own', () => {
  const one = { project: 'one', things: [thing('a', 5)], moments: [] }
  const two = { project: 'two', things: [thing('a', 9), thing('a', 3)], moments: [] }
  const rows = recentRows([one, two])
  expect(rows.map(({ project }) => project)).toEqual(['two', 'one', 'two'])
  expect(new Set(rows.map(rowKey)).size).toBe(3)
})
