import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HistoryIndex } from '../../../src-main/engine/history/history-index.ts'
import { Changes, created, deleted, directory, edited, file, renamed } from './changes.ts'

let folder: string
let index: HistoryIndex
let changes: Changes

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ize-index-'))
  index = HistoryIndex.open(join(folder, 'index.db'))
  changes = new Changes()
})

afterEach(() => {
  index.close()
  rmSync(folder, { recursive: true })
})

const append = (...entries: Parameters<Changes['add']>[1][]) => index.append([changes.add('several', ...entries)])
const numberAt = (path: string) => index.fileAt(path)?.number ?? null
const lineageAt = (path: string) => index.fileAt(path)?.file ?? null

describe('the index counts versions of a file', () => {
  it('from 1, one for each entry', () => {
    append(created(file('a', '1')))
    append(edited(file('a', '2')))
    append(edited(file('a', '3')))
    expect(index.fileAt('a')).toMatchObject({ number: 3, kind: 'edit', path: 'a', operations: [3, 3] })
    expect(index.fileAt('b')).toBeNull()
  })

  it('on through a deletion and a new creation at the same path', () => {
    append(created(file('a', '1')))
    append(deleted('a'))
    expect(index.fileAt('a')).toBeNull()
    append(created(file('a', '2')))
    expect(numberAt('a')).toBe(3)
  })

  it('on through a rename, and from 1 for a new file at the old name', () => {
    append(created(file('a', '1')))
    append(renamed('a', file('b', '1')))
    append(created(file('a', 'new')))
    expect(numberAt('b')).toBe(2)
    expect(numberAt('a')).toBe(1)
    expect(lineageAt('a')).not.toBe(lineageAt('b'))
  })

  it('of what a rename replaced no further', () => {
    append(created(file('a', '1')), created(file('b', '2')))
    const moved = lineageAt('a')
    append(deleted('b'), renamed('a', file('b', '1')))
    expect(lineageAt('b')).toBe(moved)
    expect(numberAt('b')).toBe(2)
  })

  it('of what a rename replaced no further, also when no deletion was told', () => {
    append(created(file('a', '1')), created(file('b', '2')))
    const moved = lineageAt('a')
    append(renamed('a', file('b', '1')))
    expect(lineageAt('b')).toBe(moved)
    append(deleted('b'))
    append(created(file('b', '3')))
    expect(lineageAt('b')).toBe(moved)
  })

  it('of both files when they exchange names', () => {
    append(created(file('a', '1')), created(directory('b')), created(file('b/x', '2')))
    const [a, b] = [lineageAt('a'), lineageAt('b')]
    append(renamed('a', file('b', '1')), renamed('b', directory('a')))
    expect([lineageAt('b'), lineageAt('a')]).toEqual([a, b])
    expect(numberAt('a/x')).toBe(1)
    expect(lineageAt('b/x')).toBeNull()
  })

  it('of a file that becomes a directory and back', () => {
    append(created(file('a', '1')))
    append(deleted('a'), created(directory('a')), created(file('a/x', '1')))
    expect(index.fileAt('a')).toMatchObject({ number: 3, state: { type: 'directory' } })
    append(deleted('a', 'directory'), created(file('a', '1')))
    expect(index.fileAt('a')).toMatchObject({ number: 5, state: { type: 'file' } })
    expect(index.fileAt('a/x')).toBeNull()
  })
})

describe('a renamed directory', () => {
  it('takes what is below it along, wherever that came from', () => {
    append(created(directory('d')), created(directory('d/e')), created(file('d/e/x', '1')), created(file('out', '1')))
    append(renamed('out', file('d/in', '1')))
    append(renamed('d', directory('f')))
    append(edited(file('f/e/x', '2')))
    expect(numberAt('f/e/x')).toBe(2)
    expect(numberAt('f/in')).toBe(2)
    expect(index.fileAt('d/e/x')).toBeNull()
    append(renamed('f/e/x', file('y', '2')), renamed('f/e', directory('g')))
    expect(numberAt('y')).toBe(3)
    append(created(directory('d')), created(directory('d/e')), created(file('d/e/x', 'other')))
    expect(numberAt('d/e/x')).toBe(1)
  })

  it('costs one version and one place, whatever is below it', () => {
    const below = Array.from({ length: 10_000 }, (_, n) => created(file(`d/${n % 100}/${n}`, `${n}`)))
    append(created(directory('d')), ...below)
    append(renamed('d', directory('e')))
    expect(index.fileAt('e/7/107')).toMatchObject({ number: 1, path: 'd/7/107' })
    append(edited(file('e/7/107', 'more')))
    expect(numberAt('e/7/107')).toBe(2)
    expect(index.counts()).toMatchObject({ versions: 10_103, places: 10_102 })
  })
})

it('a deleted directory ends what is below it, once', () => {
  append(created(directory('d')), created(directory('d/e')), created(file('d/e/x', '1')))
  append(deleted('d', 'directory'), deleted('d/e/x'), deleted('d/e', 'directory'))
  expect(index.fileAt('d/e/x')).toBeNull()
  append(created(file('d/e/x', '2')))
  expect(numberAt('d/e/x')).toBe(3)
  expect(numberAt('d')).toBe(3)
})

it('a change that is in the index already is passed over, another one in its place refused', () => {
  const first = changes.add('create', created(file('a', '1')))
  const second = changes.add('edit', edited(file('a', '2')))
  expect(index.append([first])).toBe(1)
  expect(index.append([first, second])).toBe(2)
  expect(index.append([])).toBe(2)
  expect(numberAt('a')).toBe(2)
  expect(index.last()).toMatchObject({ sequence: 2, hash: second.hash, lastOp: 2 })
  expect(() => index.append([{ ...second, hash: 'OTHER' }])).toThrow(/rebuilt/)
})

it('a batch that fails half way leaves nothing', () => {
  const first = changes.add('create', created(file('a', '1')))
  const clash = { ...changes.add('create', created(file('b', '1'))), hash: first.hash }
  expect(() => index.append([first, clash])).toThrow()
  expect(index.last()).toBeNull()
  expect(index.fileAt('a')).toBeNull()
  index.append([first])
  expect(numberAt('a')).toBe(1)
})

it('an entry that does not repeat what it left alone keeps it', () => {
  append(created(file('a', 'text', { mode: 0o600, xattrs: { 'user.k': 'dg==' } })))
  append(renamed('a', { type: 'file', path: 'b', ino: 7 }))
  expect(index.fileAt('b')?.state).toMatchObject({ mode: 0o600, size: 4, xattrs: { 'user.k': 'dg==' } })
  append({ kind: 'attributes', ...file('b', 'text', { mode: 0o644 }) })
  expect(index.fileAt('b')?.state.xattrs).toBeUndefined()
})

it('names are bytes', () => {
  const name = 'n\u00e4\u00ff \n"\\\u0001%\u00c3\u00a9'
  append(created(directory(name)), created(file(`${name}/${name}`, '1')))
  append(edited(file(`${name}/${name}`, '2')))
  expect(index.fileAt(`${name}/${name}`)).toMatchObject({ number: 2, path: `${name}/${name}` })
})
