import { constants } from 'node:fs'
import { exportFailure } from '../history/export-failure.ts'
import { decodeIdentity, IDENTITY_XATTR } from '../namespace/identity.ts'
import { IzeError } from '../ize-error.ts'
import { errno, systemError } from '../sys/errno.ts'
import * as native from '../sys/native.ts'
import { openBelow } from '../sys/open-path.ts'
import { kindOf, S_IFDIR, S_IFLNK, S_IFREG, statOf } from './import-types.ts'

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants
const CHUNK = 64 * 1024 * 1024
const IDENTITY_ROOM = 64
/** The name that means the descriptor itself. */
const ITSELF = ''

export interface CopyCounts {
  readonly files: number
  readonly directories: number
  readonly bytes: number
}

export interface PlainCopyOptions {
  readonly cancelled: () => boolean
  readonly progress: (counts: CopyCounts) => void
}

export interface Child {
  readonly name: string
  readonly path: string
  readonly stats: Float64Array
  /** As programs see it: working/ itself keeps everything readable for its owner. */
  readonly mode: number
}

/**
 * Copies files as programs see them, with everything a file has: holes, hard links, modes, owners (as root), extended
 * attributes, times. The source may be working/, whose identities say the modes. Errors: E_SPACE, E_EXPORT, E_CANCELLED.
 */
export class PlainCopy {
  protected files = 0
  protected directories = 0
  private bytes = 0
  private readonly asRoot = process.geteuid?.() === 0
  private readonly firstNames = new Map<number, string>()

  constructor(
    private readonly options: PlainCopyOptions,
    /** The folder that is filled: hard links are made below it. */
    private readonly folder: number,
  ) {}

  counts(): CopyCounts {
    return { files: this.files, directories: this.directories, bytes: this.bytes }
  }

  /** Everything in a folder into an empty one, with the folder's own attributes. */
  tree(from: number, to: number): void {
    for (const child of this.children(from, '')) this.child(from, to, child)
    this.own(from, to)
  }

  /** One entry of a folder, with everything below it, under a name that is free in the other. */
  child(from: number, to: number, child: Child): void {
    if (kindOf(child.stats) !== S_IFDIR) return this.leaf(from, to, child)
    const below = this.openChild(from, child)
    if (below < 0) return
    this.whole(below, to, child)
    native.closeFd(below)
  }

  /** A folder without history, with everything in it. */
  protected whole(from: number, parent: number, { name, path, stats, mode }: Child): void {
    done(native.mkdirAt(parent, name, 0o700), path)
    this.directories++
    const to = done(native.openAt(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), path)
    for (const child of this.children(from, path)) this.child(from, to, child)
    this.attributes(from, to, stats, mode, path)
    this.times(to, ITSELF, stats, path)
    native.closeFd(to)
  }

  protected leaf(from: number, to: number, child: Child): void {
    if (this.options.cancelled()) throw cancelled()
    const { path, stats } = child
    const first = statOf(stats, 'nlink') > 1 ? this.firstNames.get(statOf(stats, 'ino')) : undefined
    if (first !== undefined) this.link(first, to, child)
    else if (kindOf(stats) === S_IFREG) this.file(from, to, child)
    else this.special(from, to, child)
    if (statOf(stats, 'nlink') > 1) this.firstNames.set(statOf(stats, 'ino'), path)
    this.files++
    this.options.progress(this.counts())
  }

  private file(from: number, to: number, { name, path, stats, mode }: Child): void {
    const source = native.openAt(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0)
    if (source === -errno.ENOENT) return
    done(source, path)
    const target = native.openAt(to, name, O_RDWR | O_CREAT | O_EXCL, 0o600)
    try {
      done(target, path)
      const size = statOf(stats, 'size')
      for (let at = 0; at < size; at += CHUNK) {
        if (this.options.cancelled()) throw cancelled()
        done(native.copyRange(source, at, target, at, Math.min(CHUNK, size - at), true), path)
      }
      done(native.truncateFd(target, size), path)
      this.attributes(source, target, stats, mode, path)
      this.times(target, ITSELF, stats, path)
      this.bytes += size
    } finally {
      native.closeFd(source)
      if (target >= 0) native.closeFd(target)
    }
  }

  private link(first: string, to: number, { name, path }: Child): void {
    const slash = first.lastIndexOf('/')
    const parent = openBelow(this.folder, first.slice(0, Math.max(slash, 0)), O_RDONLY | O_DIRECTORY)
    done(parent, first)
    const made = native.linkAt(parent, first.slice(slash + 1), to, name)
    native.closeFd(parent)
    done(made, path)
  }

  private special(from: number, to: number, { name, path, stats, mode }: Child): void {
    const target = kindOf(stats) === S_IFLNK ? native.readlinkAt(from, name) : null
    if (typeof target === 'number') return
    const made =
      target === null
        ? native.mknodAt(to, name, (statOf(stats, 'mode') & ~0o7777) | 0o600, statOf(stats, 'rdev'))
        : native.symlinkAt(target, to, name)
    // Only root can make a device; there is nothing in it to lose.
    if (made === -errno.EPERM) return
    done(made, path)
    if (this.asRoot) done(native.chownAt(to, name, statOf(stats, 'uid'), statOf(stats, 'gid')), path)
    if (target === null) done(native.chmodAt(to, name, mode), path)
    this.times(to, name, stats, path)
  }

  /** In this order: a new owner clears setuid bits and capabilities. */
  private attributes(from: number, to: number, stats: Float64Array, mode: number, path: string): void {
    if (this.asRoot) done(native.chownAt(to, ITSELF, statOf(stats, 'uid'), statOf(stats, 'gid')), path)
    const names = native.listXattr(from, ITSELF)
    for (const attribute of typeof names === 'number' ? [] : names) {
      if (attribute === IDENTITY_XATTR || attribute.startsWith('system.')) continue
      const value = native.getXattr(from, ITSELF, attribute)
      // The other file system may have no extended attributes; the content counts.
      if (typeof value !== 'number') native.setXattr(to, ITSELF, attribute, value, 0)
    }
    done(native.chmodAt(to, ITSELF, mode), path)
  }

  protected times(fd: number, name: string, stats: Float64Array, path: string): void {
    const times = (['aSec', 'aNsec', 'mSec', 'mNsec'] as const).map((word) => statOf(stats, word))
    done(native.utimesAt(fd, name, ...(times as [number, number, number, number])), path)
  }

  /** What is in a folder of the source; `path` is the folder's own. */
  children(fd: number, path: string): Child[] {
    if (this.options.cancelled()) throw cancelled()
    const listing = native.listDirectory(fd)
    if (typeof listing === 'number') throw exportFailure(systemError(listing, 'listing'), path)
    return listing.names.map((name, i) => {
      const stats = listing.stats.subarray(i * native.STAT_WORDS, (i + 1) * native.STAT_WORDS)
      const identity = decodeIdentity(listing.identities, i * IDENTITY_ROOM, listing.identityLengths[i] ?? 0)
      return {
        name,
        path: path === '' ? name : `${path}/${name}`,
        stats,
        mode: identity?.mode ?? statOf(stats, 'mode') & 0o7777,
      }
    })
  }

  /** The recorder may be at work: what vanishes meanwhile is left out. */
  protected openChild(parent: number, { name, path }: Child): number {
    const fd = native.openAt(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
    return fd === -errno.ENOENT ? fd : done(fd, path)
  }

  private own(from: number, to: number): void {
    const stats = new Float64Array(native.STAT_WORDS)
    const bytes = new Uint8Array(IDENTITY_ROOM)
    const length = native.getXattr(from, ITSELF, IDENTITY_XATTR)
    done(native.statIdentity(from, ITSELF, stats, bytes), '')
    const identity = typeof length === 'number' ? null : decodeIdentity(length, 0, length.length)
    this.attributes(from, to, stats, identity?.mode ?? statOf(stats, 'mode') & 0o7777, '')
    this.times(to, ITSELF, stats, '')
  }

  protected look(fd: number): Float64Array {
    const stats = new Float64Array(native.STAT_WORDS)
    done(native.statIdentity(fd, ITSELF, stats, new Uint8Array(IDENTITY_ROOM)), '')
    return stats
  }
}

/** Passes a native result on, or throws E_SPACE or E_EXPORT naming the path (latin1). */
export function done(result: number, path: string): number {
  if (result < 0) throw exportFailure(systemError(result, 'copying'), path)
  return result
}

function cancelled(): IzeError {
  return new IzeError('E_CANCELLED', 'Cancelled; nothing of the copy is left behind.')
}

/** A descriptor of a folder of the machine. */
export function openFolder(path: string): number {
  const bytes = Buffer.from(path).toString('latin1')
  return done(native.openAt(native.AT_FDCWD, bytes, O_RDONLY | O_DIRECTORY, 0), bytes)
}
