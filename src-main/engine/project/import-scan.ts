import { constants } from 'node:fs'
import type { Ino } from '../oplog/operation.ts'
import * as native from '../sys/native.ts'
import { hasCacheTag } from './cache-tag.ts'
import { Versioning } from './ignore.ts'
import { Cancelled, checked, failure } from './import-errors.ts'
import { kindOf, S_IFDIR, S_IFREG, statOf, type ImportPlan, type SourceEntry } from './import-types.ts'

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants
const MAX_NAMED = 1000
const REPORT_EVERY = 2000

/** Everything about a folder before a byte of it is copied. */
export interface SourceTree {
  readonly root: SourceEntry
  readonly nextIno: number
  readonly found: Omit<ImportPlan, 'needed' | 'free'>
  /** Bytes on disk, holes not counted, and how many of them get a history. */
  readonly allocated: number
  readonly versionedBytes: number
}

/**
 * Lists a folder with all below it, decides what is versioned, and gives inode numbers: 1 is the root, further ones in
 * the order of the walk, hard links share one.
 */
export class SourceScanner {
  private readonly versioning: Versioning
  private readonly links = new Map<string, Ino>()
  private readonly unversioned: string[] = []
  private readonly stats = new Float64Array(native.STAT_WORDS)
  private readonly identity = new Uint8Array(64)
  private tagged = false
  private nextIno = 1
  private readonly totals = { files: 0, directories: 0, bytes: 0, allocated: 0, versionedBytes: 0 }

  constructor(
    patterns: readonly string[],
    private readonly cancelled: () => boolean,
    private readonly report: (files: number, bytes: number) => void,
  ) {
    this.versioning = new Versioning(patterns, () => this.tagged)
  }

  scan(sourceFd: number): SourceTree {
    checked(native.statIdentity(sourceFd, '', this.stats, this.identity), 'look at', '')
    const root = this.directory(sourceFd, '', '', this.stats.slice(), true)
    const { allocated, versionedBytes, ...counted } = this.totals
    return {
      root,
      nextIno: this.nextIno,
      found: { ...counted, unversioned: this.unversioned },
      allocated,
      versionedBytes,
    }
  }

  private directory(
    fd: number,
    path: string,
    name: string,
    stats: Float64Array,
    parentVersioned: boolean,
  ): SourceEntry {
    if (this.cancelled()) throw new Cancelled()
    const listing = native.listDirectory(fd)
    if (typeof listing === 'number') throw failure(listing, 'list', path)
    this.tagged = path !== '' && hasCacheTag(fd)
    const versioned = this.versioning.versioned(path, true)
    const ino = this.nextIno++ as Ino
    if (path !== '') this.totals.directories++
    if (parentVersioned && !versioned) this.name(`${path}/`)
    const children = listing.names.map((child, i) => {
      const own = listing.stats.subarray(i * native.STAT_WORDS, (i + 1) * native.STAT_WORDS)
      return this.entry(fd, path === '' ? child : `${path}/${child}`, child, own, versioned)
    })
    return { name, stats, versioned, ino, children }
  }

  private entry(
    parentFd: number,
    path: string,
    name: string,
    stats: Float64Array,
    parentVersioned: boolean,
  ): SourceEntry {
    if (kindOf(stats) === S_IFDIR) {
      const fd = checked(native.openAt(parentFd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), 'open', path)
      try {
        return this.directory(fd, path, name, stats, parentVersioned)
      } finally {
        native.closeFd(fd)
      }
    }
    const versioned = parentVersioned && this.versioning.versioned(path, false)
    const { ino, first } = this.inode(stats)
    const size = kindOf(stats) === S_IFREG && first ? statOf(stats, 'size') : 0
    this.totals.files++
    this.totals.bytes += size
    if (first) this.totals.allocated += statOf(stats, 'blocks') * 512
    if (versioned) this.totals.versionedBytes += size
    else if (parentVersioned) this.name(path)
    if (this.totals.files % REPORT_EVERY === 0) this.report(this.totals.files, this.totals.bytes)
    return { name, stats, versioned, ino, children: null }
  }

  private inode(stats: Float64Array): { ino: Ino; first: boolean } {
    if (statOf(stats, 'nlink') < 2) return { ino: this.nextIno++ as Ino, first: true }
    const key = `${statOf(stats, 'dev')}:${statOf(stats, 'ino')}`
    const known = this.links.get(key)
    if (known !== undefined) return { ino: known, first: false }
    const ino = this.nextIno++ as Ino
    this.links.set(key, ino)
    return { ino, first: true }
  }

  private name(path: string): void {
    if (this.unversioned.length < MAX_NAMED) this.unversioned.push(path)
  }
}
