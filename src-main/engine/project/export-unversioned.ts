import { constants } from 'node:fs'
import { exportFailure } from '../history/export-failure.ts'
import { removeContents } from '../history/remove-contents.ts'
import { decodeIdentity, IDENTITY_XATTR } from '../namespace/identity.ts'
import { IzeError } from '../ize-error.ts'
import { errno, systemError } from '../sys/errno.ts'
import * as native from '../sys/native.ts'
import { openBelow } from '../sys/open-path.ts'
import { hasCacheTag } from './cache-tag.ts'
import { Versioning } from './ignore.ts'
import { kindOf, S_IFDIR, S_IFLNK, S_IFREG, statOf } from './import-types.ts'

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants
const CHUNK = 64 * 1024 * 1024
const IDENTITY_ROOM = 64
/** The name that means the descriptor itself. */
const ITSELF = ''

export interface UnversionedCounts {
  readonly files: number
  readonly directories: number
  readonly bytes: number
}

export interface UnversionedOptions {
  /** `working/` of the project, all operations applied. */
  readonly working: string
  /** Holds an export of the same project already, and nothing else. */
  readonly folder: string
  /** `ignore` of the settings in force. */
  readonly patterns: readonly string[]
  readonly cancelled: () => boolean
  readonly progress: (counts: UnversionedCounts) => void
}

/**
 * Completes an export by what has no history: its only copy is in working/. In a thread of its own. When it fails or is
 * cancelled, the folder is emptied. Errors: E_SPACE, E_EXPORT, E_CANCELLED.
 */
export function exportUnversioned(options: UnversionedOptions): UnversionedCounts {
  const working = openFolder(options.working)
  const folder = openFolder(options.folder)
  try {
    const copy = new UnversionedCopy(options, folder)
    copy.versioned(working, folder, '')
    return copy.counts()
  } catch (error) {
    removeContents(folder)
    throw error
  } finally {
    native.closeFd(working)
    native.closeFd(folder)
  }
}

interface Child {
  readonly name: string
  readonly path: string
  readonly stats: Float64Array
  /** As programs see it: working/ itself keeps everything readable for its owner. */
  readonly mode: number
}

class UnversionedCopy {
  private files = 0
  private directories = 0
  private bytes = 0
  private readonly asRoot = process.geteuid?.() === 0
  private readonly versioning: Versioning
  private readonly firstNames = new Map<number, string>()
  private tagged = false

  constructor(
    private readonly options: UnversionedOptions,
    private readonly folder: number,
  ) {
    this.versioning = new Versioning(options.patterns, () => this.tagged)
  }

  counts(): UnversionedCounts {
    return { files: this.files, directories: this.directories, bytes: this.bytes }
  }

  /** A folder that has a history: the export made it, what is below it is looked at one by one. */
  versioned(from: number, to: number, path: string): void {
    const before = this.files + this.directories
    for (const child of this.children(from, path)) {
      if (kindOf(child.stats) !== S_IFDIR) {
        if (!this.versioning.versioned(child.path, false)) this.leaf(from, to, child)
        continue
      }
      const below = this.openChild(from, child)
      if (below < 0) continue
      this.tagged = hasCacheTag(below)
      if (!this.versioning.versioned(child.path, true)) this.whole(below, to, child)
      else {
        const target = native.openAt(to, child.name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
        // Absent when it was made after the export was begun.
        if (target >= 0) {
          this.versioned(below, target, child.path)
          native.closeFd(target)
        }
      }
      native.closeFd(below)
    }
    if (this.files + this.directories > before) this.times(to, ITSELF, this.look(from), path)
  }

  /** A folder without history, with everything in it. */
  private whole(from: number, parent: number, { name, path, stats, mode }: Child): void {
    done(native.mkdirAt(parent, name, 0o700), path)
    this.directories++
    const to = done(native.openAt(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), path)
    for (const child of this.children(from, path)) {
      if (kindOf(child.stats) !== S_IFDIR) {
        this.leaf(from, to, child)
        continue
      }
      const below = this.openChild(from, child)
      if (below < 0) continue
      this.whole(below, to, child)
      native.closeFd(below)
    }
    this.attributes(from, to, stats, mode, path)
    this.times(to, ITSELF, stats, path)
    native.closeFd(to)
  }

  private leaf(from: number, to: number, child: Child): void {
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

  private times(fd: number, name: string, stats: Float64Array, path: string): void {
    const times = (['aSec', 'aNsec', 'mSec', 'mNsec'] as const).map((word) => statOf(stats, word))
    done(native.utimesAt(fd, name, ...(times as [number, number, number, number])), path)
  }

  private children(fd: number, path: string): Child[] {
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
  private openChild(parent: number, { name, path }: Child): number {
    const fd = native.openAt(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
    return fd === -errno.ENOENT ? fd : done(fd, path)
  }

  private look(fd: number): Float64Array {
    const stats = new Float64Array(native.STAT_WORDS)
    done(native.statIdentity(fd, ITSELF, stats, new Uint8Array(IDENTITY_ROOM)), '')
    return stats
  }
}

function openFolder(path: string): number {
  const bytes = Buffer.from(path).toString('latin1')
  return done(native.openAt(native.AT_FDCWD, bytes, O_RDONLY | O_DIRECTORY, 0), bytes)
}

/** Passes a native result on, or throws E_SPACE or E_EXPORT naming the path (latin1). */
function done(result: number, path: string): number {
  if (result < 0) throw exportFailure(systemError(result, 'copying'), path)
  return result
}

function cancelled(): IzeError {
  return new IzeError('E_CANCELLED', 'The export was cancelled; nothing of it is left behind.')
}
