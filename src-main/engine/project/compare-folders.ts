import { constants } from 'node:fs'
import { decodeIdentity, IDENTITY_XATTR } from '../namespace/identity.ts'
import * as native from '../sys/native.ts'
import { factsAt } from './adopt-steps.ts'
import { kindOf, S_IFDIR, S_IFLNK, S_IFREG, statOf } from './import-types.ts'
import { done } from './plain-copy.ts'

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants
const CHUNK = 1024 * 1024
const IDENTITY_ROOM = 64

/**
 * Compares two folders to the last byte: names, kinds, modes (those that working/ keeps in identities count), contents,
 * link targets, times, and whether the attributes of the first are on the second. The first path (latin1) that differs;
 * null: they are the same. Reads only. Errors: E_EXPORT when something cannot be read.
 */
export function firstDifference(first: number, second: number, cancelled: () => boolean): string | null {
  return new Comparison(cancelled).folders(first, second, '')
}

export interface Entry {
  readonly stats: Float64Array
  readonly mode: number
}

export class Comparison {
  private readonly left = Buffer.alloc(CHUNK)
  private readonly right = Buffer.alloc(CHUNK)

  constructor(private readonly cancelled: () => boolean) {}

  folders(first: number, second: number, path: string): string | null {
    const here = entries(first, path)
    const there = entries(second, path)
    for (const name of there.keys()) if (!here.has(name)) return below(path, name)
    for (const [name, entry] of here) {
      const at = below(path, name)
      const other = there.get(name)
      if (!other || !sameFacts(entry, other)) return at
      const found = this.entry(first, second, name, kindOf(entry.stats), at)
      if (found !== null) return found
    }
    return null
  }

  private entry(first: number, second: number, name: string, kind: number, path: string): string | null {
    if (kind === S_IFLNK) return native.readlinkAt(first, name) === native.readlinkAt(second, name) ? null : path
    if (kind !== S_IFDIR && kind !== S_IFREG) return null
    const flags = O_RDONLY | O_NOFOLLOW | (kind === S_IFDIR ? O_DIRECTORY : O_NONBLOCK)
    const a = done(native.openAt(first, name, flags, 0), path)
    const b = native.openAt(second, name, flags, 0)
    try {
      done(b, path)
      if (!hasAttributes(a, b)) return path
      if (kind === S_IFDIR) return this.folders(a, b, path)
      return this.sameBytes(a, b, path) ? null : path
    } finally {
      native.closeFd(a)
      if (b >= 0) native.closeFd(b)
    }
  }

  /** Whether two names hold the same: kind, bytes, link target; of folders all that is in them. Modes and times may differ. */
  sameContent(first: number, name: string, second: number, other: string): boolean {
    const here = factsAt(first, name)
    const there = factsAt(second, other)
    if (!here || !there || here.kind !== there.kind || here.size !== there.size) return false
    if (here.kind === S_IFLNK) return native.readlinkAt(first, name) === native.readlinkAt(second, other)
    if (here.kind !== S_IFDIR && here.kind !== S_IFREG) return true
    const flags = O_RDONLY | O_NOFOLLOW | (here.kind === S_IFDIR ? O_DIRECTORY : O_NONBLOCK)
    const a = done(native.openAt(first, name, flags, 0), name)
    const b = native.openAt(second, other, flags, 0)
    try {
      done(b, other)
      if (here.kind === S_IFREG) return this.sameBytes(a, b, name)
      const [names, others] = [entries(a, name), entries(b, other)]
      return names.size === others.size && [...names.keys()].every((one) => this.sameContent(a, one, b, one))
    } finally {
      native.closeFd(a)
      if (b >= 0) native.closeFd(b)
    }
  }

  sameBytes(a: number, b: number, path: string): boolean {
    for (let at = 0; ;) {
      if (this.cancelled()) return false
      const length = done(native.readAt(a, this.left, 0, CHUNK, at), path)
      const other = done(native.readAt(b, this.right, 0, CHUNK, at), path)
      if (length !== other || this.left.compare(this.right, 0, length, 0, length) !== 0) return false
      if (length === 0) return true
      at += length
    }
  }
}

/** What is in a folder, by name (latin1). */
export function entries(fd: number, path: string): Map<string, Entry> {
  const listing = native.listDirectory(fd)
  if (typeof listing === 'number') {
    done(listing, path)
    return new Map()
  }
  return new Map(
    listing.names.map((name, n) => {
      const stats = listing.stats.subarray(n * native.STAT_WORDS, (n + 1) * native.STAT_WORDS)
      const identity = decodeIdentity(listing.identities, n * IDENTITY_ROOM, listing.identityLengths[n] ?? 0)
      return [name, { stats, mode: identity?.mode ?? statOf(stats, 'mode') & 0o7777 }]
    }),
  )
}

function sameFacts(a: Entry, b: Entry): boolean {
  const kind = kindOf(a.stats)
  if (kind !== kindOf(b.stats)) return false
  if (kind !== S_IFLNK && a.mode !== b.mode) return false
  if (kind === S_IFREG && statOf(a.stats, 'size') !== statOf(b.stats, 'size')) return false
  return (['rdev', 'mSec', 'mNsec'] as const).every((word) => statOf(a.stats, word) === statOf(b.stats, word))
}

/** What the user gave a file; others may not be had on every file system. */
export function hasAttributes(a: number, b: number): boolean {
  const names = native.listXattr(a, '')
  return (typeof names === 'number' ? [] : names).every((name) => {
    if (!name.startsWith('user.') || name === IDENTITY_XATTR) return true
    const value = native.getXattr(a, '', name)
    const other = native.getXattr(b, '', name)
    return typeof value === 'number' || (typeof other !== 'number' && value.equals(other))
  })
}

export function below(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`
}
