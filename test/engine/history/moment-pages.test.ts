import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChangeEntry, ChangeMetadata, Program } from '../../../src-main/engine/history/change-metadata.ts'
import { HistoryIndex } from '../../../src-main/engine/history/history-index.ts'
import { type MomentQuery, momentPage } from '../../../src-main/engine/history/moment-pages.ts'
import { projectLayout } from '../../../src-main/engine/project/layout.ts'
import { created, deleted, directory, edited, file, hashOf, renamed } from './changes.ts'
import { ProjectFixture } from './project-fixture.ts'

let project: ProjectFixture
beforeEach(() => (project = new ProjectFixture()))
afterEach(() => project.close())

const vim: Program = { name: 'vim', pid: 42, start: 1000, command: ['vim', 'notes.txt'] }
const rm: Program = { name: 'rm', pid: 50, start: 1 }
const START = 1_700_000_000

/** A change so many seconds after the start, by programs of which entry n has program n (the first has all others). */
function at(
  seconds: number,
  programs: readonly Program[],
  entries: readonly Omit<ChangeEntry, 'operations'>[],
  kind: ChangeMetadata['kind'] = 'several',
): void {
  const change = project.changes.add(
    kind,
    ...entries.map((entry, n) => ({ ...entry, program: Math.min(n, programs.length - 1) })),
  )
  change.metadata.time = [START + seconds, 0]
  change.metadata.programs = [...programs]
  project.index.append([change])
}

const page = (query: Partial<MomentQuery> = {}, tags = new Map<number, string[]>()) =>
  momentPage(project.sqlite, tags, { path: null, filter: {}, named: false, before: null, limit: 100, ...query })
const spans = (query: Partial<MomentQuery> = {}) => page(query).moments.map(({ first, last }) => `${first}-${last}`)

describe('a moment', () => {
  it('is what one process did within seconds, told as one', () => {
    at(0, [vim], [created(file('a', '1')), created(file('b', '1'))])
    at(3, [vim], [edited(file('a', '2'))])
    at(7, [vim], [deleted('b'), created(file('c', '1'))])
    at(13, [vim], [edited(file('a', '3'))], 'edit')
    expect(page().moments).toEqual([
      expect.objectContaining({ first: 4, last: 4, kind: 'edit', before: hashOf(2), after: hashOf(3), count: 1 }),
      {
        ...{ first: 1, last: 3, kind: 'several', before: null, after: hashOf(2) },
        ...{ from: [START, 0], time: [START + 7, 0], programs: [vim], note: null, names: [] },
        ...{ count: 3, removed: 1, folders: 0, removedFolders: 0 },
        paths: [
          { path: 'a', kind: 'create', from: null },
          { path: 'b', kind: 'delete', from: null },
          { path: 'c', kind: 'create', from: null },
        ],
      },
    ])
  })

  it('counts folders apart, also when the index was opened in between', () => {
    at(0, [vim], [created(directory('d', { ino: 9 })), created(file('d/a', '1', { ino: 10 }))])
    const again = HistoryIndex.open(projectLayout(project.root).index)
    const more = [created(directory('e', { ino: 11 })), edited(directory('d', { ino: 9, mode: 0o700 }))]
    for (const entries of [more, [deleted('e', 'directory')]]) {
      const change = project.changes.add('several', ...entries)
      change.metadata.time = [START + 1, 0]
      change.metadata.programs = [vim]
      again.append([change])
    }
    again.close()
    expect(page().moments).toMatchObject([{ first: 1, last: 3, count: 3, removed: 1, folders: 2, removedFolders: 1 }])
  })

  it('ends where another process begins, or none that is known', () => {
    at(0, [vim], [created(file('a', '1'))])
    at(1, [{ ...vim, pid: 43 }], [edited(file('a', '2'))])
    at(2, [rm], [deleted('a')])
    at(3, [], [created(file('a', '1'))])
    at(4, [], [created(file('b', '1'))])
    expect(spans()).toEqual(['4-5', '3-3', '2-2', '1-1'])
    expect(page().moments[0]?.programs).toEqual([])
  })

  it('of a script goes by the names of its programs, whose processes differ', () => {
    const sed = (pid: number): Program => ({ name: 'sed', pid, start: 1 })
    at(0, [sed(1), sed(2)], [created(file('a', '1')), created(file('b', '1'))])
    at(1, [sed(3), sed(4), sed(5)], [edited(file('a', '2')), edited(file('b', '2')), edited(file('a', '3'))])
    at(2, [sed(6), rm], [edited(file('a', '4')), deleted('b')])
    expect(spans()).toEqual(['3-3', '1-2'])
  })

  it('of a program that never rests ends after minutes', () => {
    for (let n = 0; n < 1300; n += 4) at(n, [vim], [edited(file('log', `${n}`))])
    expect(page().moments.map(({ from, time, count }) => [from[0] - START, time[0] - START, count])).toEqual([
      [1208, 1296, 1],
      [604, 1204, 1],
      [0, 600, 1],
    ])
  })

  it('is an import, a seal, each restore', () => {
    const init: Program = { name: 'ize init', pid: 1, start: 0 }
    const restore = (pid: number): Program => ({ name: 'ize restore', pid, start: 0 })
    const engine: Program = { name: 'ize engine', pid: 1, start: 0 }
    at(0, [init], [created(file('a', '1'))], 'import')
    at(0, [init], [created(file('b', '1'))], 'import')
    at(0, [init], [edited(file('b', '2'))])
    at(1, [restore(2)], [edited(file('b', '1'))], 'restore')
    at(1, [restore(2)], [edited(file('a', '0'))], 'restore')
    at(2, [restore(3)], [edited(file('b', '3'))], 'restore')
    at(3, [engine], [edited(file('b', '1'))], 'restore')
    at(3, [engine], [edited(file('b', '3'))], 'restore')
    at(4, [], [], 'seal')
    at(4, [], [], 'seal')
    expect(spans()).toEqual(['10-10', '9-9', '8-8', '7-7', '6-6', '4-5', '3-3', '1-2'])
  })

  it('goes on when the index is opened again', () => {
    at(0, [vim], [created(file('a', '1'))])
    const again = HistoryIndex.open(projectLayout(project.root).index)
    const change = project.changes.add('edit', edited(file('a', '2')))
    change.metadata.time = [START + 2, 0]
    change.metadata.programs = [vim]
    again.append([change])
    again.close()
    expect(spans()).toEqual(['1-2'])
  })
})

describe('pages of moments', () => {
  beforeEach(() => {
    for (let n = 0; n < 60; n++) {
      // Moments of one, two and three changes.
      for (let i = 0; i <= n % 3; i++) at(n * 20 + i, [n % 2 ? vim : rm], [edited(file(`f${n % 4}`, `${n} ${i}`))])
    }
  })

  it('neither split nor repeat one, wherever they begin', () => {
    for (const query of [{}, { path: 'f1' }, { filter: { program: 'vim' } }, { filter: { path: 'f' } }]) {
      const whole = spans(query)
      const told: string[] = []
      for (let before: number | null = null; ;) {
        const { moments, next } = page({ ...query, before, limit: 7 })
        told.push(...moments.map(({ first, last }) => `${first}-${last}`))
        before = next
        if (before === null) break
      }
      expect(told).toEqual(whole)
      expect(new Set(told).size).toBe(told.length)
    }
    expect(spans()).toHaveLength(60)
    expect(spans({ path: 'f1' })).toHaveLength(15)
    expect(spans({ filter: { program: 'vim' } })).toHaveLength(30)
  })

  it('tell one whole that began before a change in its midst', () => {
    const [first = ''] = spans({ limit: 1 })
    const [from, to] = first.split('-').map(Number) as [number, number]
    expect(to).toBeGreaterThan(from)
    for (const query of [{}, { filter: { program: 'vim' } }]) {
      expect(spans({ ...query, before: to, limit: 1 })).toEqual([first])
      expect(spans({ ...query, before: from, limit: 1 })).not.toEqual([first])
    }
  })

  it('of times tell the moments that reach into them', () => {
    const filter = { since: [START + 41, 0], until: [START + 60, 0] } as const
    expect(spans({ filter: { since: [...filter.since], until: [...filter.until] } })).toEqual(['7-7', '4-6'])
  })
})

it('a path has its moments through its names, and those of a folder all below it', () => {
  at(0, [vim], [created(directory('d')), created(file('d/a', '1')), created(file('b', '1'))])
  at(100, [vim], [renamed('d/a', file('e', '1'))], 'rename')
  at(200, [vim], [edited(file('e', '2')), edited(file('b', '2'))])
  at(300, [rm], [deleted('e')], 'delete')
  expect(spans({ path: 'e' })).toEqual(['4-4', '3-3', '2-2', '1-1'])
  expect(spans({ path: 'd' })).toEqual(['2-2', '1-1'])
  expect(page({ path: 'e' }).moments.map(({ paths, count }) => [count, ...paths.map(({ path }) => path)])).toEqual([
    [1, 'e'],
    [2, 'e'],
    [1, 'e'],
    [3, 'd/a'],
  ])
  expect(spans({ filter: { deleted: 'gone' } })).toEqual(['4-4'])
  expect(spans({ filter: { kind: 'rename' } })).toEqual(['2-2'])
  expect(page({ path: 'e', limit: 2 }).moments[1]?.paths).toEqual([{ path: 'e', kind: 'edit', from: null }])
  expect(page({ before: 3, limit: 1 }).moments[0]?.paths).toEqual([{ path: 'e', kind: 'rename', from: 'd/a' }])
})

it('names are tags, and messages of seals', () => {
  at(0, [vim], [created(file('a', '1'))])
  at(2, [vim], [edited(file('a', '2'))])
  at(4, [], [], 'seal')
  const seal = project.changes.list.at(-1)
  expect(seal?.metadata.kind).toBe('seal')
  at(50, [vim], [edited(file('a', '3'))])
  const tags = new Map([[2, ['sent', 'v1']]])
  expect(page({ named: true }, tags).moments.map(({ first, names }) => [first, names])).toEqual([
    [3, []],
    [1, ['sent', 'v1']],
  ])
  expect(page({ named: true, path: 'a' }, tags).moments.map(({ first }) => first)).toEqual([1])
  expect(spans({ filter: { kind: 'seal' } })).toEqual(['3-3'])
  expect(spans({ filter: { kind: 'seal', program: 'vim' } })).toEqual([])
})
