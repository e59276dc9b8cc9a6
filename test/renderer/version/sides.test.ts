import { describe, expect, it } from 'vitest'
import {
  modeText,
  neighbours,
  type Presence,
  propertyChanges,
  restoreChoices,
  type TreeEntry,
} from '../../../src-renderer/version/sides.ts'

const entry = (version: number, more: Partial<TreeEntry> = {}): TreeEntry => ({
  ...{
    path: 'notes.txt',
    type: 'file',
    version,
    size: 10,
    mode: 0o100644,
    uid: 1,
    gid: 1,
    mtime: null,
    target: null,
    pruned: null,
  },
  ...more,
})
const file = (version: number, more: Partial<TreeEntry> = {}): Presence => ({
  kind: 'file',
  entry: entry(version, more),
})
const deleted: Presence = { kind: 'deleted', why: '' }
const labels = (...of: Parameters<typeof restoreChoices>): [string | null, string[]] => {
  const { main, others } = restoreChoices(...of)
  return [main && `${main.version}: ${main.label}`, others.map(({ label }) => label)]
}

describe('what can be put back', () => {
  it('is the earlier side when the later one is now', () => {
    const sides = [
      { version: 'a', presence: file(3) },
      { version: null, presence: file(5) },
    ] as const
    expect(labels('notes.txt', ...sides, file(5))).toEqual(['a: Restore this version', []])
  })

  it('is what was before a deletion, and never the deletion', () => {
    const sides = [
      { version: 'a', presence: file(3) },
      { version: 'b', presence: deleted },
    ] as const
    expect(labels('notes.txt', ...sides, file(5))).toEqual(['a: Restore this version', ['Remove notes.txt']])
    expect(labels('notes.txt', null, { version: 'b', presence: deleted }, file(5))).toEqual([
      null,
      ['Remove notes.txt'],
    ])
    expect(labels('notes.txt', null, { version: 'b', presence: deleted }, deleted)).toEqual([null, []])
  })

  it('is what was before a truncation to nothing', () => {
    const sides = [
      { version: 'a', presence: file(3) },
      { version: 'b', presence: file(4, { size: 0 }) },
    ] as const
    expect(labels('notes.txt', ...sides, file(5))).toEqual(['a: Restore this version', ['Empty notes.txt']])
  })

  it('is both sides of two versions of the past', () => {
    const sides = [
      { version: 'a', presence: file(3) },
      { version: 'b', presence: file(4) },
    ] as const
    expect(labels('notes.txt', ...sides, file(5))).toEqual(['b: Restore this version', ['Restore the version before']])
  })

  it('is nothing that is as it is now', () => {
    expect(labels('notes.txt', null, { version: 'a', presence: file(5) }, file(5))).toEqual([null, []])
    expect(labels('notes.txt', null, { version: null, presence: file(5) }, file(5))).toEqual([null, []])
    const notYet: Presence = { kind: 'not-yet', why: '' }
    expect(labels('n', { version: 'a', presence: notYet }, { version: null, presence: file(5) }, file(5))).toEqual([
      null,
      [],
    ])
  })

  it('is nothing whose content was pruned', () => {
    const gone = file(3, { pruned: '2026-01-01T00:00:00.000000000Z' })
    const sides = [
      { version: 'a', presence: gone },
      { version: null, presence: file(5) },
    ] as const
    expect(labels('notes.txt', ...sides, file(5))).toEqual([null, []])
  })

  it('is a folder in any case', () => {
    const side = { version: 'a', presence: { kind: 'folder' } } as const
    expect(labels('figures', side, { version: null, presence: { kind: 'folder' } }, { kind: 'folder' })[0]).toBe(
      'a: Restore this version',
    )
  })
})

describe('properties', () => {
  it('are told when they differ', () => {
    expect(propertyChanges(entry(1), entry(2))).toEqual([])
    expect(propertyChanges(entry(1), entry(2, { mode: 0o100755 }))).toEqual([
      'Permissions went from rw-r--r-- (644) to rwxr-xr-x (755).',
    ])
    expect(propertyChanges(entry(1), entry(2, { type: 'symlink' }))).toEqual(['It was a file and became a link.'])
    expect(modeText(0o104755)).toBe('rwxr-xr-x (4755)')
  })
})

describe('going from version to version', () => {
  it('stops at either end', () => {
    const versions = [{ version: 3 }, { version: 2 }, { version: 1 }]
    expect(neighbours(versions, 2)).toEqual({ older: { version: 1 }, newer: { version: 3 } })
    expect(neighbours(versions, 3).newer).toBeNull()
    expect(neighbours(versions, 1).older).toBeNull()
    expect(neighbours(versions, null)).toEqual({ older: null, newer: null })
  })
})
