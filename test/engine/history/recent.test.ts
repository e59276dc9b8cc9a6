import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChangeEntry, ChangeMetadata } from '../../../src-main/engine/history/change-metadata.ts'
import { density } from '../../../src-main/engine/history/density.ts'
import { recent } from '../../../src-main/engine/history/recent.ts'
import { created, deleted, directory, edited, file, hashOf, renamed } from './changes.ts'
import { ProjectFixture } from './project-fixture.ts'

let project: ProjectFixture
beforeEach(() => (project = new ProjectFixture()))
afterEach(() => project.close())

const START = 1_700_000_000

function at(
  seconds: number,
  name: string,
  entries: readonly Omit<ChangeEntry, 'operations'>[],
  kind: ChangeMetadata['kind'] = 'several',
): void {
  const change = project.changes.add(kind, ...entries)
  change.metadata.time = [START + seconds, 0]
  change.metadata.programs = [{ name, pid: 1, start: 1 }]
  project.index.append([change])
}

const told = (since = 0, limit = 100) => {
  const { removed, changed } = recent(project.sqlite, { since: [START + since, 0], limit })
  return {
    removed: removed.map(({ path, files, program, before }) => [path, files, program, before]),
    changed: changed.map(({ path, action, versions, before }) => [path, action, versions, before]),
  }
}

describe('what happened lately', () => {
  it('of a folder that went whole is one row, whatever number of changes took it', () => {
    const names = Array.from({ length: 23 }, (_, n) => `figures/${n % 2 ? 'old/' : ''}${n}.png`)
    const folders = [directory('figures'), directory('figures/old')].map(created)
    at(0, 'cp', [...folders, ...names.map((name) => created(file(name, name))), created(file('figures/x', 'x'))])
    at(100, 'rm', [deleted('figures/x')])
    at(
      200,
      'rm',
      names.slice(0, 9).map((name) => deleted(name)),
    )
    at(201, 'rm', [
      ...names.slice(9).map((name) => deleted(name)),
      ...['figures/old', 'figures'].map((name) => deleted(name, 'directory')),
    ])
    expect(told().removed).toEqual([
      ['figures', 23, 'rm', hashOf(1)],
      ['figures/x', 1, 'rm', hashOf(0)],
    ])
    expect(told(150).removed).toHaveLength(1)
    expect(told(300)).toEqual({ removed: [], changed: [] })
    expect(told(0, 1).removed).toEqual([['figures', 23, 'rm', hashOf(1)]])
  })

  it('leaves out what is back, what was replaced, and what came and went at once', () => {
    at(0, 'vim', [created(file('back', '1')), created(file('over', '1')), created(file('gone', '1'))])
    at(100, 'rm', [deleted('back'), deleted('gone')])
    at(200, 'vim', [created(file('back', '2'))])
    at(300, 'vim', [created(file('.tmp', '1'))])
    at(301, 'vim', [renamed('.tmp', file('over', '2')), created(file('.swap', '1'))])
    at(302, 'vim', [deleted('.swap')])
    expect(told().removed).toEqual([['gone', 1, 'rm', hashOf(0)]])
    expect(told().changed.map(([path]) => path)).toEqual(['over', 'back'])
  })

  it('of a file that changed is its number of versions, under the name it has now', () => {
    at(0, 'ize init', [created(directory('d')), created(file('d/a', '1')), created(file('b', '1'))], 'import')
    for (let n = 0; n < 5; n++) at(10 + 10 * n, 'vim', [edited(file('d/a', `${n}`))])
    at(100, 'mv', [renamed('d', directory('e'))])
    at(110, 'vim', [created(file('new', '1'))])
    at(120, 'vim', [edited(file('new', '2'))])
    expect(told().changed).toEqual([
      ['new', 'create', 2, hashOf(7)],
      ['e/a', 'edit', 5, hashOf(4)],
    ])
    expect(told(35).changed).toEqual([
      ['new', 'create', 2, hashOf(7)],
      ['e/a', 'edit', 2, hashOf(4)],
    ])
    expect(told(0, 1).changed).toHaveLength(1)
  })

  it('has no version before the first one, and none before a return', () => {
    at(0, 'vim', [created(file('a', '1')), created(file('b', '1'))])
    at(10, 'rm', [deleted('b')])
    at(20, 'vim', [created(file('b', '2'))])
    expect(told().changed).toEqual([
      ['b', 'create', 3, null],
      ['a', 'create', 1, null],
    ])
  })
})

describe('density', () => {
  const buckets = (since: number, until: number, parts: number, path: string | null = null) =>
    density(project.sqlite, { path, since: [START + since, 0], until: [START + until, 0], buckets: parts })

  it('counts changes and what they removed, ends included', () => {
    expect(buckets(0, 10, 2)).toEqual({ first: null, last: null, buckets: Array(2).fill({ changes: 0, removed: 0 }) })
    at(0, 'vim', [created(file('a', '1')), created(file('b', '1'))])
    at(4, 'vim', [edited(file('a', '2'))])
    at(5, 'vim', [edited(file('b', '2')), deleted('a')])
    at(10, 'rm', [deleted('b')])
    at(11, 'vim', [created(file('c', '1'))])
    const counted = buckets(0, 10, 2)
    expect(counted.buckets).toEqual([
      { changes: 2, removed: 0 },
      { changes: 2, removed: 2 },
    ])
    expect([counted.first, counted.last]).toEqual([
      [START, 0],
      [START + 11, 0],
    ])
    expect(buckets(0, 10, 2, 'a').buckets).toEqual([
      { changes: 2, removed: 0 },
      { changes: 1, removed: 1 },
    ])
    expect(buckets(0, 10, 2, 'a').last).toEqual([START + 5, 0])
    expect(buckets(5, 5, 3).buckets.reduce((sum, { changes }) => sum + changes, 0)).toBe(1)
  })
})
