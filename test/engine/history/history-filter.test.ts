import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HistoryFilter } from '../../../src-main/engine/history/history-filter.ts'
import { changePage, versionPage } from '../../../src-main/engine/history/history-pages.ts'
import { treePage } from '../../../src-main/engine/history/tree-page.ts'
import type { RecordedChange } from '../../../src-main/engine/history/history-index.ts'
import { created, deleted, directory, edited, file, renamed } from './changes.ts'
import { ProjectFixture } from './project-fixture.ts'

let project: ProjectFixture
beforeEach(() => (project = new ProjectFixture()))
afterEach(() => project.close())

type Metadata = RecordedChange['metadata']
function append(more: Partial<Metadata>, ...entries: Parameters<ProjectFixture['append']>): void {
  const change = project.changes.add(more.kind ?? 'several', ...entries)
  Object.assign(change.metadata, more)
  project.index.append([change])
}

const all = { before: null, limit: 100 }
const told = (filter: HistoryFilter, path: string | null = null) =>
  versionPage(project.sqlite, path, all, filter).versions.map(({ kind, path }) => `${kind} ${path}`)
const program = (name: string, pid = 1) => ({ programs: [{ name, pid, start: 5 }] })

describe('history is narrowed', () => {
  beforeEach(() => {
    append(
      { ...program('ize init'), kind: 'import', time: [100, 0] },
      created(directory('d')),
      created(file('d/a.tex', '1')),
    )
    append({ ...program('Vim'), time: [200, 5] }, edited(file('d/a.tex', '2')), created(file('b%_.txt', '1')))
    append({ ...program('vim', 2), time: [300, 0] }, renamed('d/a.tex', file('d/c.tex', '2')))
    append({ ...program('rm'), kind: 'delete', time: [400, 0] }, deleted('d/c.tex'), deleted('b%_.txt'))
    append(
      { ...program('ize restore'), kind: 'restore', time: [500, 0], note: 'Put back' },
      created(file('b%_.txt', '1')),
    )
  })

  it('to times, both ends included, to the nanosecond', () => {
    expect(told({ since: [300, 0], until: [300, 0] })).toEqual(['rename d/c.tex'])
    expect(told({ since: [200, 6], until: [300, 0] })).toEqual(['rename d/c.tex'])
    expect(told({ until: [200, 4] })).toEqual(['create d/a.tex', 'create d'])
    expect(told({ since: [501, 0] })).toEqual([])
    expect(told({ until: [99, 0] })).toEqual([])
    const { changes } = changePage(project.sqlite, all, { since: [200, 5], until: [400, 0] })
    expect(changes.map(({ sequence }) => sequence)).toEqual([4, 3, 2])
  })

  it('to a program, in all its runs', () => {
    expect(told({ program: 'vim' }).sort()).toEqual(['create b%_.txt', 'edit d/a.tex', 'rename d/c.tex'])
    expect(told({ program: 'emacs' })).toEqual([])
    expect(told({ program: 'vim' }, 'd')).toEqual(['rename d/c.tex', 'edit d/a.tex'])
  })

  it('to a kind, where an import and a restore are nothing else', () => {
    expect(told({ kind: 'create' })).toEqual(['create b%_.txt'])
    expect(told({ kind: 'import' })).toEqual(['create d/a.tex', 'create d'])
    expect(told({ kind: 'restore' })).toEqual(['create b%_.txt'])
  })

  it('to deletions, and to what has not come back', () => {
    expect(told({ deleted: 'all' }).sort()).toEqual(['delete b%_.txt', 'delete d/c.tex'])
    expect(told({ deleted: 'gone' })).toEqual(['delete d/c.tex'])
    expect(told({ deleted: 'gone' }, 'd')).toEqual(['delete d/c.tex'])
    expect(told({ deleted: 'gone' }, 'b%_.txt')).toEqual([])
  })

  it('to a part of the path, taken as it is, or to a pattern', () => {
    expect(told({ path: 'C.TEX' })).toEqual(['delete d/c.tex', 'rename d/c.tex'])
    expect(told({ path: '%_' })).toHaveLength(3)
    expect(told({ path: '_.tex' })).toEqual([])
    expect(told({ path: '?.tex' })).toHaveLength(4)
    expect(told({ path: 'd/*' })).toHaveLength(4)
    expect(told({ path: '*.text' })).toEqual([])
  })

  it('to a message', () => {
    expect(told({ message: 'put' })).toEqual(['create b%_.txt'])
    expect(changePage(project.sqlite, all, { message: 'back' }).changes).toHaveLength(1)
    expect(changePage(project.sqlite, all, { message: '%' }).changes).toEqual([])
  })

  it('by all of it together, in pages that miss nothing', () => {
    const filter: HistoryFilter = { since: [100, 0], path: 'd' }
    const ids: number[] = []
    for (let before: number | null = null; ;) {
      const page = versionPage(project.sqlite, null, { before, limit: 2 }, filter)
      ids.push(...page.versions.map(({ id }) => id))
      if ((before = page.next) === null) break
    }
    expect(ids).toEqual(versionPage(project.sqlite, null, all, filter).versions.map(({ id }) => id))
    expect(told({ since: [200, 0], program: 'rm', deleted: 'all', path: '.tex' })).toEqual(['delete d/c.tex'])
  })
})

describe('what is deleted', () => {
  beforeEach(() => {
    project.append(created(directory('d')), created(directory('d/e')), created(file('d/e/x', '1')))
    project.append(renamed('d', directory('f')))
    project.append(edited(file('f/e/x', '2')))
    project.append(deleted('f', 'directory'))
  })

  it('has its history under every name that it had', () => {
    const story = ['edit f/e/x', 'create d/e/x']
    expect(told({}, 'd/e/x').slice(-2)).toEqual(story)
    expect(told({}, 'f/e/x').slice(-2)).toEqual(story)
    expect(told({}, 'f/e/x')[0]).toBe('delete f/e/x')
  })

  it('and a folder, with all that was below it', () => {
    for (const path of ['d', 'f']) {
      expect(told({ deleted: 'gone' }, path).sort()).toEqual(['delete f', 'delete f/e', 'delete f/e/x'])
      expect(told({}, path)).toContain('rename f')
      expect(told({}, path)).toContain('create d/e/x')
    }
  })
})

describe('what was there', () => {
  const list = (path: string, version: string | null, deep = false) =>
    treePage(project.sqlite, { path, version, deep, after: '', limit: 100 }).entries.map((entry) => entry.path)

  beforeEach(() => {
    project.append(
      created(directory('d')),
      created(file('d/a', '1')),
      created(directory('d/e')),
      created(file('d/e/b', '')),
    )
    project.append(deleted('d/a'))
  })

  it('is listed at any version, one level or all', () => {
    expect(list('', null)).toEqual(['d'])
    expect(list('d', null)).toEqual(['e'])
    expect(list('d', '1')).toEqual(['a', 'e'])
    expect(list('', '1', true)).toEqual(['d', 'd/a', 'd/e', 'd/e/b'])
    expect(list('d/e/b', null)).toEqual([''])
  })

  it('comes in pages that go on behind a folder without what is in it', () => {
    const query = { path: '', version: null, deep: false, limit: 1 }
    project.append(created(file('z', '')))
    expect(treePage(project.sqlite, { ...query, after: '' })).toMatchObject({ entries: [{ path: 'd' }], next: 'd' })
    expect(treePage(project.sqlite, { ...query, after: 'd' })).toMatchObject({ entries: [{ path: 'z' }], next: 'z' })
    expect(treePage(project.sqlite, { ...query, after: 'z' })).toEqual({ entries: [], next: null })
  })

  it('is nothing in an empty project, and a sentence for what is deleted', () => {
    expect(() => list('d/a', null)).toThrow(expect.objectContaining({ code: 'E_VERSION_ABSENT' }))
    const empty = new ProjectFixture()
    expect(treePage(empty.sqlite, { path: '', version: null, deep: true, after: '', limit: 5 }).entries).toEqual([])
    empty.close()
  })
})
