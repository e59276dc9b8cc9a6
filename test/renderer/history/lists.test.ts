import fc from 'fast-check'
import { expect, test } from 'vitest'
import { moveTo } from '../../../src-renderer/history/list-move.ts'
import { folderRows, chosenVersion, type Entry, versionRows } from '../../../src-renderer/history/files/versions.ts'
import { foldersAbove, type Folder, goneFrom, treeRows } from '../../../src-renderer/history/files/tree.ts'
import { marks } from '../../../src-renderer/history/search/marks.ts'
import { brushOf, filterWords, programsSeen, questionOf } from '../../../src-renderer/history/filters.ts'
import { moment } from './moment.ts'

const heading = (index: number): boolean => index % 3 !== 0

test('keys pass over headings and stop at the ends', () => {
  expect(moveTo('ArrowDown', -1, 10, 4, heading)).toBe(1)
  expect(moveTo('ArrowDown', 2, 10, 4, heading)).toBe(4)
  expect(moveTo('ArrowUp', 4, 10, 4, heading)).toBe(2)
  expect(moveTo('ArrowUp', 1, 10, 4, heading)).toBe(1)
  expect(moveTo('Home', 5, 10, 4, heading)).toBe(1)
  expect(moveTo('End', 5, 10, 4, heading)).toBe(8)
  expect(moveTo('x', 5, 10, 4, heading)).toBeNull()
})

test('no key leads to a heading or out of the list', () => {
  const keys = fc.constantFrom('ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End')
  fc.assert(
    fc.property(
      keys,
      fc.integer({ min: 2, max: 50 }),
      fc.integer({ min: 1, max: 60 }),
      fc.nat(),
      (key, count, page, seed) => {
        const here = seed % count
        const to = moveTo(key, heading(here) ? here : -1, count, page, heading)
        if (to === null || to === -1) return
        expect(to).toBeLessThan(count)
        expect(heading(to)).toBe(true)
      },
    ),
  )
})

function entry(change: number, about: Partial<Entry> = {}): Entry {
  return {
    hash: `hash${change}`,
    time: `2026-11-21T14:02:${String(change).padStart(2, '0')}.000000000Z`,
    kind: 'edit',
    change,
    seal: null,
    forgotten: false,
    action: 'edit',
    path: 'b.md',
    from: null,
    type: 'file',
    version: change,
    size: 1,
    program: null,
    process: null,
    note: null,
    pruned: null,
    ...about,
  }
}

test('a name stands at the version that was current when it was given', () => {
  const seal = { name: 'x', address: 'y' }
  const tags = [
    ['late', 100],
    ['at-once', 5],
    ['between', 7],
  ].map(([name, change]) => ({
    ...{ name: String(name), change: Number(change), seal, author: null, time: null, message: null },
  }))
  const rows = versionRows([entry(9), entry(5), entry(2)], tags)
  expect(rows.map(({ names }) => names)).toEqual([['late'], ['at-once', 'between'], []])
  expect(rows.map(({ now }) => now)).toEqual([true, false, false])
})

test('a file that had another name says so where it got the new one', () => {
  const rows = versionRows([entry(9), entry(5, { path: 'a.md' }), entry(2, { path: 'a.md' })], [])
  expect(rows.map(({ was }) => was)).toEqual([null, 'a.md', null])
})

test('the version before the moment is the one that is looked at', () => {
  const rows = versionRows([entry(9), entry(5), entry(2)], [])
  const one = moment({ first: 5, last: 6 })
  expect(chosenVersion(rows, { from: one.before, to: one.after }, one)).toBe(2)
  expect(chosenVersion(rows, { from: one.after, to: null }, one)).toBe(1)
  expect(chosenVersion(rows, { from: 'hash9', to: null }, null)).toBe(0)
  expect(chosenVersion(rows, { from: 'other', to: null }, null)).toBe(-1)
})

test('a folder has one version for each change of what is in it', () => {
  const rows = folderRows([entry(9), entry(9, { path: 'c.md' }), entry(5)])
  expect(rows.map(({ entry: { change }, more }) => [change, more])).toEqual([
    [9, 1],
    [5, 0],
  ])
})

const folder = (names: readonly string[], gone: Folder['gone'] = null): Folder => ({
  state: 'ready',
  next: null,
  gone,
  entries: names.map((path) => ({
    ...{ path, type: path.endsWith('.md') ? ('file' as const) : ('directory' as const), version: 1, size: 1 },
    ...{ mode: null, uid: null, gid: null, mtime: null, target: null, pruned: null },
  })),
})

test('folders come first, open ones with what is in them, gone ones among the rest', () => {
  const gone = { path: 'c.md', folder: false, last: '3' }
  const folders = new Map([
    ['', folder(['a.md', 'sub', 'z.md'], [gone])],
    ['sub', folder(['sub/x.md'])],
  ])
  const rows = treeRows(folders, new Set(['sub']))
  expect(rows.map((row) => [row.path, row.depth])).toEqual([
    ['sub', 0],
    ['sub/x.md', 1],
    ['a.md', 0],
    ['c.md', 0],
    ['z.md', 0],
  ])
})

test('what is not read yet, empty or longer than a page says so', () => {
  const states = (folders: ReadonlyMap<string, Folder>): string[] =>
    treeRows(folders, new Set()).flatMap((row) => (row.kind === 'state' ? [row.state] : []))
  expect(states(new Map())).toEqual(['loading'])
  expect(states(new Map([['', folder([])]]))).toEqual(['empty'])
  expect(states(new Map([['', { ...folder(['a.md']), next: 'a.md' }]]))).toEqual(['more'])
})

test('of what is gone the newest deletion counts, and a folder of which only files are known', () => {
  const del = (change: number, path: string, version = 2) => entry(change, { action: 'delete', path, version })
  const found = goneFrom(
    '',
    [del(9, 'a.md', 4), del(8, 'a.md'), del(7, 'old/x.md'), del(6, 'there.md')],
    new Set(['there.md']),
  )
  expect(found).toEqual([
    { path: 'a.md', folder: false, last: '3' },
    { path: 'old', folder: true, last: '2026-11-21T14:02:06.999999999Z' },
  ])
  expect(goneFrom('old', [del(7, 'old/x.md'), del(5, 'older/y.md')], new Set()).map(({ path }) => path)).toEqual([
    'old/x.md',
  ])
  expect(foldersAbove('a/b/c.md')).toEqual(['a', 'a/b'])
})

test('pieces of a text make up the text, and those found are what was looked for', () => {
  expect(marks('Seven of seven', 'SEVEN').map(({ text }) => text)).toEqual(['Seven', ' of ', 'seven'])
  fc.assert(
    fc.property(fc.string(), fc.string({ maxLength: 3 }), (text, wanted) => {
      const pieces = marks(text, wanted)
      expect(pieces.map((piece) => piece.text).join('')).toBe(text)
      for (const piece of pieces) if (piece.found) expect(piece.text.toLowerCase()).toBe(wanted.toLowerCase())
    }),
  )
})

test('what the address narrows is asked of the history, and told where nothing is left', () => {
  const place = { filter: 'deleted', program: 'rm', within: 'src', since: '2026-11-21T14:02:00.000000000Z' } as const
  expect(questionOf('thesis', place)).toEqual({
    project: 'thesis',
    path: 'src',
    filter: { since: place.since, program: 'rm', deleted: 'all' },
  })
  expect(questionOf('thesis', { filter: 'named' })).toEqual({ project: 'thesis', named: true })
  expect(questionOf('thesis', { kind: 'no kind' })).toEqual({ project: 'thesis' })
  expect(filterWords({ filter: 'named', program: 'rm' }, 0)).toBe('with a name, by rm')
  expect(filterWords({ moment: '1-2' }, 0)).toBe('')
})

test('a part of time that makes no sense is no part', () => {
  const [early, late] = ['2026-11-21T14:02:00.000000000Z', '2026-11-21T15:02:00.000000000Z']
  expect(brushOf({ since: early, until: late }, 0)).toEqual({ since: Date.parse(early), until: Date.parse(late) })
  expect(brushOf({ since: late, until: early }, 0)).toBeNull()
  expect(brushOf({ since: 'nonsense' }, 1)).toBeNull()
})

test('programs are gathered, each once', () => {
  const some = programsSeen([], [moment({ programs: ['a', 'b'] }), moment({ programs: ['b'] })])
  expect(some).toEqual(['a', 'b'])
  expect(programsSeen(some, [moment({ programs: ['a'] })])).toBe(some)
})
