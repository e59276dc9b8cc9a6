import { constants } from 'node:fs'
import { encodeIdentity, IDENTITY_XATTR, type Identity } from '../namespace/identity.ts'
import type { Sidecar } from '../namespace/sidecar.ts'
import * as native from '../sys/native.ts'
import { openBelow } from '../sys/open-path.ts'
import type { Instant } from '../sys/clock.ts'
import { Cancelled, checked } from './import-errors.ts'
import type { ImportHistory } from './import-history.ts'
import { kindOf, S_IFLNK, S_IFREG, statOf, type SourceEntry } from './import-types.ts'

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_NOATIME } = constants
const CHUNK = 64 * 1024 * 1024
const ATTEMPTS = 4
const EPERM = 1
const ENOENT = 2
const ELOOP = 40
/** The name that means the descriptor itself. */
const ITSELF = ''

export interface CopyTarget {
  readonly workingFd: number
  readonly sidecar: Sidecar
  /** ctime and birth time of everything imported. */
  readonly time: Instant
  readonly history: ImportHistory
  readonly cancelled: () => boolean
  readonly copied: (bytes: number) => void
  readonly incomplete: (path: string, why: string) => void
}

/**
 * Copies a scanned folder into working/ with everything a file has: holes, hard links, modes, owners (as root), extended
 * attributes, times; and hands what is versioned to the history. Each file is compared with its source again after it
 * was copied, and copied anew when the source changed meanwhile.
 */
export class TreeCopy {
  private readonly asRoot = process.geteuid?.() === 0
  private readonly stats = new Float64Array(native.STAT_WORDS)
  private readonly identity = new Uint8Array(64)
  /** Where the first name of an inode with several stands in working/. */
  private readonly firstNames = new Map<number, string>()

  constructor(private readonly target: CopyTarget) {}

  async root(sourceFd: number, entry: SourceEntry): Promise<void> {
    await this.contents(sourceFd, entry, this.target.workingFd, '')
  }

  private async contents(sourceFd: number, directory: SourceEntry, targetFd: number, path: string): Promise<void> {
    for (const child of directory.children ?? []) {
      const childPath = path === '' ? child.name : `${path}/${child.name}`
      if (child.children) await this.directory(sourceFd, child, targetFd, childPath)
      else await this.leaf(sourceFd, child, targetFd, directory, childPath)
    }
    const after = this.look(sourceFd, path)
    const changed =
      statOf(after, 'mSec') !== statOf(directory.stats, 'mSec') ||
      statOf(after, 'mNsec') !== statOf(directory.stats, 'mNsec')
    if (changed && this.namesDiffer(sourceFd, directory))
      this.target.incomplete(path, 'names came or went in it during the import')
    this.attributes(sourceFd, targetFd, directory.stats, statOf(directory.stats, 'mode') | 0o700, path)
    checked(
      native.setXattr(targetFd, ITSELF, IDENTITY_XATTR, this.identityOf(directory, directory.stats), 0),
      'mark',
      path,
    )
    this.times(targetFd, ITSELF, directory.stats, path)
  }

  private async directory(sourceFd: number, entry: SourceEntry, targetFd: number, path: string): Promise<void> {
    const from = native.openAt(sourceFd, entry.name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
    if (from === -ENOENT) return this.target.incomplete(path, 'it vanished during the import')
    checked(from, 'open', path)
    try {
      checked(native.mkdirAt(targetFd, entry.name, 0o700), 'make', path)
      const to = checked(native.openAt(targetFd, entry.name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), 'open', path)
      try {
        if (entry.versioned) this.target.history.directory(path, entry, this.xattrs(from))
        await this.contents(from, entry, to, path)
      } finally {
        native.closeFd(to)
      }
    } finally {
      native.closeFd(from)
    }
  }

  private async leaf(
    sourceFd: number,
    entry: SourceEntry,
    targetFd: number,
    parent: SourceEntry,
    path: string,
  ): Promise<void> {
    if (this.target.cancelled()) throw new Cancelled()
    const first = this.firstNames.get(entry.ino)
    if (first !== undefined) return this.link(entry, targetFd, parent, path, first)
    const kind = kindOf(entry.stats)
    if (kind === S_IFREG) await this.file(sourceFd, entry, targetFd, path)
    else this.special(sourceFd, entry, targetFd, parent, path)
    if (statOf(entry.stats, 'nlink') > 1) this.firstNames.set(entry.ino, path)
  }

  private async file(sourceFd: number, entry: SourceEntry, targetFd: number, path: string): Promise<void> {
    const from = this.openSource(sourceFd, entry.name)
    if (from === -ENOENT || from === -ELOOP) return this.target.incomplete(path, 'it vanished during the import')
    checked(from, 'read', path)
    const to = checked(native.openAt(targetFd, entry.name, O_RDWR | O_CREAT | O_EXCL, 0o600), 'make', path)
    let kept = false
    try {
      const stats = this.bytes(from, to, path)
      const xattrs = this.attributes(from, to, stats, statOf(stats, 'mode') | 0o600, path)
      checked(native.setXattr(to, ITSELF, IDENTITY_XATTR, this.identityOf(entry, stats), 0), 'mark', path)
      this.times(to, ITSELF, stats, path)
      this.target.copied(statOf(stats, 'size'))
      if (!entry.versioned) return
      kept = true
      await this.target.history.file(path, { ...entry, stats }, to, xattrs)
    } finally {
      native.closeFd(from)
      if (!kept) native.closeFd(to)
    }
  }

  /** Copies until the source was the same before and after; the facts it had then. */
  private bytes(from: number, to: number, path: string): Float64Array {
    for (let attempt = 1; ; attempt++) {
      const before = this.look(from, path).slice()
      const size = statOf(before, 'size')
      for (let at = 0; at < size; at += CHUNK) {
        if (this.target.cancelled()) throw new Cancelled()
        checked(native.copyRange(from, at, to, at, Math.min(CHUNK, size - at), true), 'copy', path)
      }
      checked(native.truncateFd(to, size), 'copy', path)
      const after = this.look(from, path)
      if (sameContent(before, after)) return before
      if (attempt === ATTEMPTS) {
        this.target.incomplete(path, 'it kept changing during the import')
        return before
      }
      checked(native.truncateFd(to, 0), 'copy', path)
    }
  }

  private special(sourceFd: number, entry: SourceEntry, targetFd: number, parent: SourceEntry, path: string): void {
    const { stats, name } = entry
    const { sidecar, history, incomplete } = this.target
    let target: string | undefined
    if (kindOf(stats) === S_IFLNK) {
      const read = native.readlinkAt(sourceFd, name)
      if (typeof read === 'number') return incomplete(path, 'it vanished during the import')
      target = read
    }
    // The identity goes first, as the sidecar asks: an entry without a file does no harm.
    sidecar.put(parent.ino, name, this.identityFacts(entry, stats))
    const made =
      target === undefined
        ? native.mknodAt(targetFd, name, statOf(stats, 'mode') & ~0o7000, statOf(stats, 'rdev'))
        : native.symlinkAt(target, targetFd, name)
    if (made === -EPERM) {
      sidecar.put(parent.ino, name, null)
      return incomplete(path, 'only root can make a device')
    }
    checked(made, 'make', path)
    if (this.asRoot)
      checked(native.chownAt(targetFd, name, statOf(stats, 'uid'), statOf(stats, 'gid')), 'give to its owner', path)
    if (target === undefined)
      checked(native.chmodAt(targetFd, name, statOf(stats, 'mode') & 0o7777), 'set the mode of', path)
    this.times(targetFd, name, stats, path)
    if (entry.versioned) history.special(path, entry, target)
  }

  private async link(
    entry: SourceEntry,
    targetFd: number,
    parent: SourceEntry,
    path: string,
    first: string,
  ): Promise<void> {
    const slash = first.lastIndexOf('/')
    const firstFd = checked(
      openBelow(this.target.workingFd, slash === -1 ? '' : first.slice(0, slash), O_RDONLY | O_DIRECTORY),
      'open',
      first,
    )
    const regular = kindOf(entry.stats) === S_IFREG
    if (!regular) this.target.sidecar.put(parent.ino, entry.name, this.identityFacts(entry, entry.stats))
    const made = native.linkAt(firstFd, first.slice(slash + 1), targetFd, entry.name)
    native.closeFd(firstFd)
    checked(made, 'link', path)
    if (!entry.versioned) return
    if (!regular) {
      const target = native.readlinkAt(targetFd, entry.name)
      return this.target.history.special(path, entry, typeof target === 'string' ? target : undefined)
    }
    const fd = checked(native.openAt(targetFd, entry.name, O_RDONLY | O_NOFOLLOW, 0), 'read', path)
    await this.target.history.file(path, { ...entry, stats: this.look(fd, path).slice() }, fd, this.xattrs(fd))
  }

  /** Owner, mode, extended attributes, in this order: a new owner clears setuid bits and capabilities. Returns the attributes that were set. */
  private attributes(
    fromFd: number,
    toFd: number,
    stats: Float64Array,
    mode: number,
    path: string,
  ): Record<string, string> {
    if (this.asRoot)
      checked(native.chownAt(toFd, ITSELF, statOf(stats, 'uid'), statOf(stats, 'gid')), 'give to its owner', path)
    checked(native.chmodAt(toFd, ITSELF, mode & 0o7777), 'set the mode of', path)
    const values = this.xattrs(fromFd)
    for (const [name, value] of Object.entries(values)) {
      const set = native.setXattr(toFd, ITSELF, name, Buffer.from(value, 'base64'), 0)
      if (set >= 0) continue
      if (name.startsWith('user.')) checked(set, 'copy the extended attributes of', path)
      // Only root may set the others, and not every file system has them.
      delete values[name]
    }
    return values
  }

  private xattrs(fd: number): Record<string, string> {
    const names = native.listXattr(fd, ITSELF)
    if (typeof names === 'number' || names.length === 0) return {}
    const values: Record<string, string> = {}
    for (const attribute of names) {
      if (attribute === IDENTITY_XATTR || attribute.startsWith('system.')) continue
      const value = native.getXattr(fd, ITSELF, attribute)
      if (typeof value !== 'number') values[attribute] = value.toString('base64')
    }
    return values
  }

  private times(fd: number, name: string, stats: Float64Array, path: string): void {
    checked(
      native.utimesAt(
        fd,
        name,
        statOf(stats, 'aSec'),
        statOf(stats, 'aNsec'),
        statOf(stats, 'mSec'),
        statOf(stats, 'mNsec'),
      ),
      'set the times of',
      path,
    )
  }

  private identityFacts(entry: SourceEntry, stats: Float64Array): Identity {
    const { sec, nsec } = this.target.time
    return {
      ino: entry.ino,
      mode: statOf(stats, 'mode') & 0o7777,
      sparse: kindOf(stats) === S_IFREG && statOf(stats, 'blocks') * 512 < statOf(stats, 'size'),
      ctimeSec: sec,
      ctimeNsec: nsec,
      btimeSec: sec,
      btimeNsec: nsec,
      applied: 0,
    }
  }

  private identityOf(entry: SourceEntry, stats: Float64Array): Buffer {
    return encodeIdentity(this.identityFacts(entry, stats))
  }

  /** Reading must not change the source's access times, where that may be asked for. */
  private openSource(directoryFd: number, name: string): number {
    const flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK
    const fd = native.openAt(directoryFd, name, flags | O_NOATIME, 0)
    return fd === -EPERM ? native.openAt(directoryFd, name, flags, 0) : fd
  }

  /** Facts of a descriptor; the array is used again by the next call. */
  private look(fd: number, path: string): Float64Array {
    checked(native.statIdentity(fd, ITSELF, this.stats, this.identity), 'look at', path)
    return this.stats
  }

  private namesDiffer(sourceFd: number, directory: SourceEntry): boolean {
    const listing = native.listDirectory(sourceFd)
    if (typeof listing === 'number') return true
    const now = listing.names.toSorted().join('/')
    return (
      now !==
      (directory.children ?? [])
        .map(({ name }) => name)
        .toSorted()
        .join('/')
    )
  }
}

function sameContent(a: Float64Array, b: Float64Array): boolean {
  return (['size', 'mSec', 'mNsec', 'cSec', 'cNsec'] as const).every((word) => statOf(a, word) === statOf(b, word))
}
