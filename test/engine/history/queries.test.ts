import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HistoryIndex } from '../../../src-main/engine/history/history-index.ts'
import { changePage, knownPaths, versionPage } from '../../../src-main/engine/history/history-pages.ts'
import { FOREVER, openIndexForReading } from '../../../src-main/engine/history/index-schema.ts'
import { resolveVersion } from '../../../src-main/engine/history/resolve-version.ts'
import type { Sqlite } from '../../../src-main/engine/history/sqlite.ts'
import { walkTree } from '../../../src-main/engine/history/tree-walk.ts'
import { Changes, created, deleted, directory, edited, file, hashOf, renamed } from './changes.ts'

let folder: string
let index: HistoryIndex
let changes: Changes
let reader: Sqlite

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ize-queries-'))
  index = HistoryIndex.open(join(folder, 'index.db'))
  reader = openIndexForReading(join(folder, 'index.db'))
  changes = new Changes()
})

afterEach(() => {
  reader.close()
  index.close()
  rmSync(folder, { recursive: true })
})

const append = (...entries: Parameters<Changes['add']>[1][]) => index.append([changes.add('several', ...entries)])
const story = (path: string | null) =>
  versionPage(reader, path, { before: null, limit: 100 }).versions.map(({ kind, path }) => `${kind} ${path}`)
const tree = (point = FOREVER - 1) => [...walkTree(reader, 0, point)].map(({ path }) => path)
const code = (code: string, words: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(words) as string })

describe('history of a path', () => {
  it('follows a file through its renames, and a deleted one too', () => {
    append(created(file('a', '1')))
    append(renamed('a', file('b', '1')), created(file('a', 'other')))
    append(deleted('b'))
    expect(story('b')).toEqual(['delete b', 'rename b', 'create a'])
    expect(story('a')).toEqual(['create a'])
  })

  it('of a folder tells all that happened below it while it was there', () => {
    append(created(directory('d')), created(file('d/x', '1')), created(file('out', '1')))
    append(edited(file('out', '2')))
    append(renamed('out', file('d/in', '2')))
    append(renamed('d', directory('e')))
    append(edited(file('e/in', '3')))
    append(renamed('e/x', file('x', '1')))
    append(edited(file('x', '2')))
    append(deleted('e/in'))
    const all = ['delete e/in', 'rename x', 'edit e/in', 'rename e', 'rename d/in', 'create d/x', 'create d']
    expect(story('e')).toEqual(all)
    expect(story('d')).toEqual(all)
    expect(story(null)).toHaveLength(10)
  })

  it('comes in pages that miss and repeat nothing', () => {
    append(created(directory('d')))
    for (let n = 0; n < 25; n++) append(edited(file('d/x', `${n}`)), edited(file('y', `${n}`)))
    for (const path of [null, 'd', 'd/x']) {
      const whole = versionPage(reader, path, { before: null, limit: 1000 })
      expect(whole.next).toBeNull()
      const ids: number[] = []
      for (let before: number | null = null; ;) {
        const page = versionPage(reader, path, { before, limit: 7 })
        ids.push(...page.versions.map(({ id }) => id))
        before = page.next
        if (before === null) break
      }
      expect(ids).toEqual(whole.versions.map(({ id }) => id))
    }
  })

  it('tells time, hash, operations and program', () => {
    const change = append(created(file('a', '1')))
    expect(versionPage(reader, 'a', { before: null, limit: 1 }).versions).toMatchObject([
      {
        number: 1,
        operations: [1, 1],
        program: { name: 'vim', pid: 42 },
        change: { sequence: change, hash: hashOf(0), time: [1_700_000_000, 123], kind: 'several' },
        state: { size: 1, mode: 0o644 },
      },
    ])
    append({ ...edited(file('a', '2')), program: undefined })
    expect(versionPage(reader, 'a', { before: null, limit: 1 }).versions[0]?.program).toBeNull()
  })

  it('of what never was is refused', () => {
    expect(() => versionPage(reader, 'none', { before: null, limit: 1 })).toThrow(code('E_PATH_UNKNOWN', /"none"/))
    append(created(file('a', '1')), deleted('a'))
    expect(knownPaths(reader, ['a', 'none', ''])).toEqual([true, false, true])
  })

  it('as changes: one row each, with what they touched', () => {
    append(...Array.from({ length: 20 }, (_, n) => created(file(`f${n}`, ''))))
    append(edited(file('f1', '2')))
    const { changes, next } = changePage(reader, { before: null, limit: 1 })
    expect(changes).toMatchObject([
      { sequence: 2, count: 1, entries: [{ path: 'f1', kind: 'edit', from: null }], programs: ['vim'] },
    ])
    expect(changePage(reader, { before: next, limit: 5 })).toMatchObject({ changes: [{ count: 20 }], next: null })
  })
})

describe('a version named', () => {
  beforeEach(() => {
    append(created(file('other', '1')))
    append(created(directory('d')), created(file('d/a', '1')))
    append(edited(file('d/a', '2')))
    append(edited(file('other', '2')))
    append(deleted('d/a'))
  })

  it('by its number', () => {
    expect(resolveVersion(reader, 'd/a', '2').version).toMatchObject({ number: 2, kind: 'edit' })
    expect(resolveVersion(reader, 'd/a', null).version).toMatchObject({ number: 3, kind: 'delete' })
    expect(resolveVersion(reader, '', '2').version).toMatchObject({ number: 2, path: '' })
  })

  it('by a hash or the beginning of one, also of a change that left it alone', () => {
    expect(resolveVersion(reader, 'd/a', hashOf(2)).version.number).toBe(2)
    expect(resolveVersion(reader, 'd/a', hashOf(3).slice(0, 6).toLowerCase()).version.number).toBe(2)
    expect(resolveVersion(reader, 'd', hashOf(2)).version).toMatchObject({ number: 1, path: 'd' })
    expect(resolveVersion(reader, '', hashOf(2)).version.number).toBe(3)
  })

  it('by a hash is what was at the path then, else what its file was under another name', () => {
    append(renamed('other', file('d/a', '2')), created(file('other', 'new')))
    expect(resolveVersion(reader, 'd/a', '1').version).toMatchObject({ path: 'other', kind: 'create' })
    expect(resolveVersion(reader, 'd/a', hashOf(2)).version).toMatchObject({ path: 'd/a', kind: 'edit' })
    expect(resolveVersion(reader, 'd/a', hashOf(0)).version).toMatchObject({ path: 'other', kind: 'create' })
  })

  it('that is not there is refused with what there is', () => {
    const resolve = (path: string, name: string) => () => resolveVersion(reader, path, name)
    expect(resolve('d/a', '4')).toThrow(code('E_VERSION_UNKNOWN', /no version 4: its versions are 1 to 3/))
    expect(resolve('other', '0')).toThrow(code('E_VERSION_UNKNOWN', /its versions are 1 to 2/))
    expect(resolve('', '9')).toThrow(code('E_VERSION_UNKNOWN', /its changes are 1 to 5/))
    expect(resolve('d/a', hashOf(0))).toThrow(
      code('E_VERSION_UNKNOWN', new RegExp(`began with change ${hashOf(1).slice(0, 12)}`)),
    )
    expect(resolve('d/a', 'ZZZ')).toThrow(code('E_VERSION_UNKNOWN', /begins with ZZZ/))
    expect(resolve('d/a', 'yesterday!')).toThrow(code('E_VERSION_UNKNOWN', /names no version/))
    expect(resolve('d/a', 'H')).toThrow(code('E_VERSION_AMBIGUOUS', /HAAAAXXXX, .*…\): write more/))
    expect(resolve('nowhere', '1')).toThrow(code('E_PATH_UNKNOWN', /nowhere/))
  })
})

describe('the tree', () => {
  it('is what it was after each version, in the order of names', () => {
    append(created(directory('d')), created(file('d/b', '1')), created(file('d.txt', '1')), created(directory('d/a')))
    append(created(file('d/a/x', '1')))
    append(renamed('d', directory('e')))
    append(deleted('e/b'))
    expect(tree(4)).toEqual(['d', 'd/a', 'd/b', 'd.txt'])
    expect(tree(5)).toEqual(['d', 'd/a', 'd/a/x', 'd/b', 'd.txt'])
    expect(tree()).toEqual(['d.txt', 'e', 'e/a', 'e/a/x'])
  })

  it('goes on behind any path', () => {
    const below = Array.from({ length: 40 }, (_, n) => created(file(`${n % 3}/${n % 2}/${n}`, '')))
    append(...below, created(file('1-', '')))
    const all = tree()
    for (const [n, path] of all.entries()) {
      expect([...walkTree(reader, 0, FOREVER - 1, { after: path })].map((entry) => entry.path)).toEqual(
        all.slice(n + 1),
      )
    }
  })

  it('of a directory with thousands of files is whole', () => {
    append(...Array.from({ length: 2500 }, (_, n) => created(file(`big/${n}`, ''))))
    expect(tree()).toHaveLength(2501)
  })
})

it('a reader sees each change as soon as it is appended', () => {
  for (let n = 1; n <= 20; n++) {
    append(edited(file('a', `${n}`)))
    expect(resolveVersion(reader, 'a', null).version.number).toBe(n)
  }
})

describe('a time as a version', () => {
  // Changes are one second apart, at 123 ns behind the second.
  const at = (second: number, nanos = 123) =>
    `${new Date((1_700_000_000 + second) * 1000).toISOString().slice(0, 19)}.${String(nanos).padStart(9, '0')}Z`
  const version = (path: string, name: string) => resolveVersion(reader, path, name)

  beforeEach(() => {
    append(created(file('a', '1')))
    append(created(file('b', '1')))
    append(edited(file('a', '2')))
    append(renamed('a', file('c', '2')))
  })

  it('means the newest change at or before it, to the nanosecond', () => {
    expect(version('', at(2)).version.number).toBe(3)
    expect(version('', at(2, 122)).version.number).toBe(2)
    expect(version('', at(1000)).version.number).toBe(4)
    expect(version('c', at(1)).version).toMatchObject({ number: 1, path: 'a' })
    expect(version('c', at(2)).version).toMatchObject({ number: 2, path: 'a' })
    expect(version('a', at(2)).version).toMatchObject({ number: 2 })
  })

  it('before the project began says when that was', () => {
    expect(() => version('', at(-1))).toThrow(
      code('E_VERSION_UNKNOWN', /^The project began at 2023-11-1\d .* [+-]\d\d:\d\d; there is nothing of 2023/),
    )
    expect(() => version('c', at(0, 122))).toThrow(code('E_VERSION_UNKNOWN', /^The project began at /))
  })

  it('before a file began says when that was', () => {
    expect(() => version('b', at(0))).toThrow(
      code('E_VERSION_UNKNOWN', /"b" did not exist yet .*: it began with change HAAAB/),
    )
  })

  it('is found by time also when the clock was put back', () => {
    const late = changes.add('edit', edited(file('b', '2')))
    late.metadata.time[0] = 1_700_000_001
    index.append([late])
    expect(version('', at(1)).version.number).toBe(5)
    expect(version('', at(3)).version.number).toBe(4)
  })
})
