import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planRestore } from '../../../src-main/engine/history/restore-plan.ts'
import { created, deleted, directory, edited, hashOf, renamed } from './changes.ts'
import { ProjectFixture } from './project-fixture.ts'

let project: ProjectFixture

beforeEach(() => (project = new ProjectFixture()))
afterEach(() => project.close())

const plan = (path: string, version: string, removeOthers = false) =>
  planRestore(project.sqlite, path, version, { removeOthers })
const told = (...of: Parameters<typeof plan>) => plan(...of).steps.map(({ kind, path }) => `${kind} ${path}`)

describe('a file', () => {
  beforeEach(() => {
    project.append(created(directory('d', { mode: 0o700 })))
    project.append(created(project.file('d/a', '1', { mode: 0o600, xattrs: { 'user.k': 'dg==' } })))
    project.append(edited(project.file('d/a', '2')))
  })

  it('becomes what it was, in content and attributes', () => {
    const { steps, version, before, sentence } = plan('d/a', '1')
    const { hash } = project.store.put(Buffer.from('1'))
    expect(steps).toEqual([
      {
        kind: 'file',
        path: 'd/a',
        object: hash,
        mode: 0o600,
        uid: 0,
        gid: 0,
        mtime: [1_600_000_000, 5],
        xattrs: { 'user.k': 'dg==' },
      },
    ])
    expect(version).toMatchObject({ number: 1 })
    expect(before).toMatchObject({ number: 2 })
    expect(sentence).toContain('version 1')
  })

  it('that is as it was needs nothing', () => {
    expect(plan('d/a', '2')).toMatchObject({ steps: [], sentence: expect.stringContaining('already') as string })
  })

  it('comes back with the folders it was in', () => {
    project.append(deleted('d/a'), deleted('d', 'directory'))
    const { steps, before } = plan('d/a', '2')
    expect(steps).toMatchObject([
      { kind: 'directory', path: 'd', mode: 0o700 },
      { kind: 'file', path: 'd/a' },
    ])
    expect(before).toBeNull()
  })

  it('is put where it was asked for, also when it has another name now', () => {
    project.append(renamed('d/a', project.file('b', '2')))
    expect(told('d/a', '1')).toEqual(['file d/a'])
    expect(told('b', '1')).toEqual(['file b'])
  })

  it('goes when its deletion is put back', () => {
    project.append(deleted('d/a'))
    project.append(created(project.file('d/a', '3')))
    expect(told('d/a', '3')).toEqual(['remove d/a'])
  })

  it('takes the place of a folder, which goes file by file', () => {
    project.append(created(project.file('x', '1')))
    project.append(deleted('x'), created(directory('x')), created(project.file('x/y', '1')))
    expect(told('x', '1')).toEqual(['remove x/y', 'file x'])
  })

  it('is refused below a path that is a file now', () => {
    project.append(deleted('d/a'), deleted('d', 'directory'), created(project.file('d', 'file')))
    expect(() => plan('d/a', '1')).toThrow(expect.objectContaining({ code: 'E_RESTORE' }))
  })
})

describe('a folder', () => {
  beforeEach(() => {
    project.append(created(directory('d')), created(project.file('d/a', '1')), created(project.file('d/b', '1')))
    project.append(created(directory('d/s')), created(project.file('d/s/c', '1')))
    project.append(edited(project.file('d/a', '2')), deleted('d/b'), renamed('d/s', directory('d/t')))
    project.append(created(project.file('d/new', '1')))
  })

  it('becomes what it was after a change, keeping what came since', () => {
    expect(told('d', hashOf(1))).toEqual(['file d/a', 'file d/b', 'directory d/s', 'file d/s/c'])
  })

  it('loses what came since only when asked', () => {
    const removed = ['remove d/t/c', 'remove d/t', 'remove d/new']
    expect(told('d', hashOf(1), true)).toEqual([...removed, 'file d/a', 'file d/b', 'directory d/s', 'file d/s/c'])
    expect(told('', '2', true)).toEqual(told('d', hashOf(1), true))
  })

  it('comes back after it was deleted', () => {
    project.append(deleted('d', 'directory'))
    expect(told('d', hashOf(0))).toEqual(['directory d', 'file d/a', 'file d/b'])
  })
})

it('links and special files are put back as what they were', () => {
  const own = { ino: 9, uid: 1, gid: 2, mtime: [3, 4] as [number, number] }
  project.append(created({ type: 'symlink', path: 'l', ...own, mode: 0o777, target: 'x' }))
  project.append(created({ type: 'special', path: 'p', ...own, mode: 0o640, special: [0o010000, 0] }))
  project.append(deleted('l'), deleted('p'))
  expect(plan('l', '1').steps).toEqual([{ kind: 'symlink', path: 'l', uid: 1, gid: 2, mtime: [3, 4], target: 'x' }])
  expect(plan('p', '1').steps).toEqual([
    { kind: 'special', path: 'p', uid: 1, gid: 2, mtime: [3, 4], mode: 0o010640, rdev: 0 },
  ])
})
