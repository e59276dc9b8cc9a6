import { afterEach, beforeEach, expect, it } from 'vitest'
import { type FileStat, type Stat, type StatQuery, statVersions } from '../../../src-main/engine/history/diff-stat.ts'
import { created, deleted, directory, edited, hashOf, renamed } from './changes.ts'
import { ProjectFixture } from './project-fixture.ts'

let project: ProjectFixture
beforeEach(() => (project = new ProjectFixture()))
afterEach(() => project.close())

function stat(query: Partial<StatQuery>): { files: FileStat[] } & Stat {
  const full = { path: '', from: null, to: null, after: '', limit: 100, ...query }
  const running = statVersions(project.history, full)
  const files: FileStat[] = []
  for (;;) {
    const { done, value } = running.next()
    if (done) return { files, ...value }
    files.push(value)
  }
}

const lines = (query: Partial<StatQuery>) =>
  stat(query).files.map(({ action, path, from, added, removed }) => [action, from, path, added, removed])

beforeEach(() => {
  project.append(
    created(directory('d')),
    created(project.file('d/a', 'one\ntwo\n')),
    created(project.file('gone', 'x\n')),
    created(project.file('image', Buffer.from([0, 1]))),
    created(project.file('run', '#!')),
    created(project.file('there and back', '1')),
  )
  project.append(edited(project.file('d/a', 'one\n2\nthree')), edited(project.file('there and back', '2')))
  project.append(
    deleted('gone'),
    edited(project.file('image', Buffer.from([0, 2]))),
    { kind: 'attributes', ...project.file('run', '#!', { mode: 0o755 }) },
    edited(project.file('there and back', '1')),
  )
  project.append(renamed('d', directory('e')), created(project.file('new', 'n\n-\n+\n')))
  project.append(renamed('new', project.file('newer', 'n\n-\n')))
})

it('says of each path what became of it between two versions, and of how many lines', () => {
  expect(lines({ from: '1', to: '5' })).toEqual([
    ['rename', 'd', 'e', 0, 0],
    ['rename', 'd/a', 'e/a', 2, 1],
    ['delete', 'gone', 'gone', 0, 1],
    ['edit', 'image', 'image', null, null],
    ['create', null, 'newer', 2, 0],
    ['attributes', 'run', 'run', 0, 0],
  ])
  expect(stat({ from: '1', to: '5' }).counts).toEqual({ create: 1, edit: 1, delete: 1, rename: 2, attributes: 1 })
})

it('of one folder, of one file, and the other way round', () => {
  expect(lines({ path: 'e', from: hashOf(0), to: hashOf(1) })).toEqual([['edit', 'd/a', 'd/a', 2, 1]])
  expect(lines({ path: 'e/a', from: '1', to: '2' })).toEqual([['edit', 'd/a', 'e/a', 2, 1]])
  expect(lines({ from: '3', to: '2' })).toContainEqual(['create', null, 'gone', 1, 0])
  expect(lines({ from: '5', to: '5' })).toEqual([])
})

it('in pages, each with the counts of all', () => {
  const whole = stat({ from: '1', to: '5' })
  const files: FileStat[] = []
  for (let after = ''; ;) {
    const page = stat({ from: '1', to: '5', after, limit: 2 })
    expect(page.counts).toEqual(whole.counts)
    files.push(...page.files)
    if (page.next === null) break
    after = page.next
  }
  expect(files).toEqual(whole.files)
})
