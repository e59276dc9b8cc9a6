import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DiffQuery, diffVersions } from '../../../src-main/engine/history/diff-versions.ts'
import { created, deleted, directory, edited, hashOf, renamed } from './changes.ts'
import { ProjectFixture } from './project-fixture.ts'

let project: ProjectFixture

beforeEach(() => (project = new ProjectFixture()))
afterEach(() => project.close())

interface Told {
  readonly path: string
  readonly numbers: readonly (number | null)[]
  readonly hunks: string
}

function diff(query: Partial<DiffQuery> & { path: string }): Told[] {
  const full = { from: null, to: null, context: 3, after: '', ...query }
  return [...diffVersions(project.history, full)].map(({ path, from, to, change }) => ({
    path,
    numbers: [from?.number ?? null, to?.number ?? null],
    hunks: change.kind === 'text' ? Buffer.from(change.hunks).toString('latin1') : change.kind,
  }))
}

describe('a file', () => {
  beforeEach(() => {
    project.append(created(project.file('a', 'one\ntwo\nthree\n')))
    project.append(edited(project.file('a', 'one\n2\nthree\n')))
    project.append(renamed('a', project.file('b', 'one\n2\nthree\n')))
    project.append(edited(project.file('b', 'one\n2\nthree')))
  })

  it('differs in lines, also across its rename', () => {
    expect(diff({ path: 'b', from: '1', to: '3' })).toEqual([
      { path: 'b', numbers: [1, 3], hunks: '@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n' },
    ])
    expect(diff({ path: 'b', from: '2', to: hashOf(2) })).toEqual([{ path: 'b', numbers: [2, 3], hunks: 'same' }])
  })

  it('is compared with the version before, and the newest, when nothing else is said', () => {
    const [told] = diff({ path: 'b' })
    expect(told).toMatchObject({ numbers: [3, 4] })
    expect(told?.hunks).toContain('\\ No newline at end of file')
    expect(diff({ path: 'b', from: '1' })).toMatchObject([{ numbers: [1, 4] }])
  })

  it('is all new at its creation and all gone at its deletion', () => {
    expect(diff({ path: 'b', to: '1' })).toEqual([
      { path: 'b', numbers: [null, 1], hunks: '@@ -0,0 +1,3 @@\n+one\n+two\n+three\n' },
    ])
    project.append(deleted('b'))
    expect(diff({ path: 'b' })).toMatchObject([{ numbers: [4, null] }])
  })
})

it('what is not text is told by its sizes', () => {
  project.append(created(project.file('image', Buffer.from([1, 0, 2]))))
  project.append(edited(project.file('image', Buffer.from([1, 0, 2, 3]))))
  const [told] = diffVersions(project.history, {
    path: 'image',
    from: null,
    to: null,
    after: '',
    context: 3,
  })
  expect(told?.change).toEqual({ kind: 'binary', large: false, fromSize: 3, toSize: 4 })
})

it('what is too long for lines is told so', () => {
  project.append(created(project.file('log', 'line\n'.repeat(4_000_000))))
  project.append(edited(project.file('log', '')))
  const [told] = diffVersions(project.history, {
    path: 'log',
    from: null,
    to: null,
    after: '',
    context: 3,
  })
  expect(told?.change).toEqual({ kind: 'binary', large: true, fromSize: 20_000_000, toSize: 0 })
})

it('a symbolic link differs by its target, a changed mode is in the states', () => {
  const link = { type: 'symlink', path: 'l', ino: 9, mode: 0o777, uid: 0, gid: 0, mtime: [1, 2], size: 1 } as const
  project.append(created({ ...link, mtime: [1, 2], target: 'x' }))
  project.append(edited({ ...link, mtime: [1, 2], target: 'y' }))
  expect(diff({ path: 'l' })[0]?.hunks).toMatch(/^-x$[^]*^\+y$/m)
  project.append(created(project.file('run', '#!', { mode: 0o644 })))
  project.append({ kind: 'attributes', ...project.file('run', '#!', { mode: 0o755 }) })
  const [told] = diffVersions(project.history, {
    path: 'run',
    from: null,
    to: null,
    after: '',
    context: 3,
  })
  expect(told).toMatchObject({
    change: { kind: 'same' },
    from: { state: { mode: 0o644 } },
    to: { state: { mode: 0o755 } },
  })
})

describe('a folder', () => {
  beforeEach(() => {
    project.append(created(directory('d')), created(project.file('d/x', '1\n')), created(project.file('out', '1\n')))
    project.append(edited(project.file('d/x', '2\n')), edited(project.file('out', '2\n')))
    project.append(renamed('d', directory('e')), deleted('d/x'), created(project.file('e/y', 'y\n')))
  })

  it('differs by its files, in its own change and between any two', () => {
    expect(diff({ path: 'e' }).map(({ path, numbers }) => [path, ...numbers])).toEqual([
      ['d/x', 2, null],
      ['e/y', null, 1],
    ])
    expect(diff({ path: 'e', from: hashOf(0), to: hashOf(1) })).toEqual([
      { path: 'd/x', numbers: [1, 2], hunks: '@@ -1 +1 @@\n-1\n+2\n' },
    ])
  })

  it('that is the project differs by all files', () => {
    expect(diff({ path: '', to: '2' }).map(({ path }) => path)).toEqual(['d/x', 'out'])
    expect(diff({ path: '', to: '1' }).map(({ numbers }) => numbers)).toEqual([
      [null, 1],
      [null, 1],
    ])
  })

  it('that another one took the place of differs by all that is in either', () => {
    project.append(created(directory('f')), created(project.file('f/z', 'z')))
    project.append(deleted('e/y'), deleted('e', 'directory'), renamed('f', directory('e')))
    expect(diff({ path: 'e', from: hashOf(2) }).map(({ path, numbers }) => [path, ...numbers])).toEqual([
      ['e/y', 1, null],
      ['e/z', null, 1],
    ])
  })

  it('with very many differences tells how many are left out', () => {
    project.append(...Array.from({ length: 130 }, (_, n) => created(project.file(`many/${n}`, `${n}`))))
    const diffs = diffVersions(project.history, {
      path: 'many',
      from: null,
      to: null,
      after: '',
      context: 3,
    })
    let told = 0
    let step = diffs.next()
    for (; !step.done; step = diffs.next()) told++
    expect([told, step.value]).toEqual([100, 30])
  })
})
