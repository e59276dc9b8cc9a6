import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import * as native from '../sys/native.ts'
import { factsOf, type AdoptStep } from './adopt-steps.ts'
import { below, Comparison, entries, hasAttributes, type Entry } from './compare-folders.ts'
import { kindOf, S_IFDIR, S_IFLNK, S_IFREG, statOf } from './import-types.ts'
import { done, openFolder } from './plain-copy.ts'

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants

export interface OriginalRequest {
  /** The folder that was imported, wherever it is now. */
  readonly original: string
  /** `working/` of the project made of it, never opened since; null: only the state of the original is asked for. */
  readonly working: string | null
  /** When the import began (ms), or since when changes are asked for. */
  readonly began: number
}

export interface Original {
  /**
   * Hash over names, kinds, modes, sizes, link targets, inodes and times of everything in the folder: ctime among them,
   * which no program can set, so that nothing in it changes without changing this.
   */
  readonly state: string
  /** What takes the project from what was imported to what the folder has now. */
  readonly steps: readonly AdoptStep[]
  /** Everything in it but folders, and their bytes. */
  readonly files: number
  readonly bytes: number
  /** Paths (latin1) that were made, written to or given other attributes since `began`, as far as ctime tells. */
  readonly touched: readonly string[]
}

/** Looks through the original of an import again. Reads contents only of what was touched since. Errors: E_EXPORT. */
export function compareOriginal(
  { original, working, began }: OriginalRequest,
  _progress: (none: never) => void,
  cancelled: () => boolean,
): Original {
  const from = openFolder(original)
  const to = working === null ? null : openFolder(working)
  try {
    const look = new Look(began, cancelled)
    look.folder(from, to, '')
    const { steps, files, bytes, touched } = look
    return { state: look.hash.digest('hex'), steps, files, bytes, touched }
  } finally {
    native.closeFd(from)
    if (to !== null) native.closeFd(to)
  }
}

class Look {
  readonly hash = createHash('sha256')
  readonly steps: AdoptStep[] = []
  files = 0
  bytes = 0
  readonly touched: string[] = []
  private readonly comparison: Comparison

  constructor(
    private readonly began: number,
    cancelled: () => boolean,
  ) {
    this.comparison = new Comparison(cancelled)
  }

  /** `to` null: below this nothing was imported, or nothing is compared. */
  folder(from: number, to: number | null, path: string): void {
    const here = entries(from, path)
    const there = to === null ? null : entries(to, path)
    for (const [name, { stats }] of there ?? [])
      if (!here.has(name)) this.steps.push({ kind: 'remove', path: below(path, name), expected: factsOf(stats) })
    for (const name of [...here.keys()].sort()) {
      const entry = here.get(name) as Entry
      this.entry(from, to, name, entry, there?.get(name) ?? null, below(path, name))
    }
  }

  private entry(from: number, to: number | null, name: string, entry: Entry, other: Entry | null, path: string): void {
    const { stats } = entry
    const kind = kindOf(stats)
    const target = kind === S_IFLNK ? native.readlinkAt(from, name) : ''
    const words = (['mode', 'size', 'ino', 'mSec', 'mNsec', 'cSec', 'cNsec'] as const).map((word) =>
      statOf(stats, word),
    )
    this.hash.update(`${path}\0${words.join(' ')}\0${target}\n`, 'latin1')
    if (kind !== S_IFDIR) this.files++
    if (kind === S_IFREG) this.bytes += statOf(stats, 'size')
    if (statOf(stats, 'cSec') * 1000 + statOf(stats, 'cNsec') / 1e6 > this.began) this.touched.push(path)
    const known = other !== null && kindOf(other.stats) === kind
    if (to !== null && !known) {
      if (other) this.steps.push({ kind: 'remove', path, expected: factsOf(other.stats) })
      this.steps.push({ kind: 'take', path, expected: null })
    }
    if (kind === S_IFDIR) this.below(from, known ? to : null, name, path)
    else if (to !== null && known && this.differs(from, to, name, entry, other, path))
      this.steps.push({ kind: 'take', path, expected: factsOf(other.stats) })
  }

  private below(from: number, to: number | null, name: string, path: string): void {
    const flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
    const here = done(native.openAt(from, name, flags, 0), path)
    const there = to === null ? null : done(native.openAt(to, name, flags, 0), path)
    try {
      this.folder(here, there, path)
    } finally {
      native.closeFd(here)
      if (there !== null) native.closeFd(there)
    }
  }

  private differs(from: number, to: number, name: string, entry: Entry, other: Entry, path: string): boolean {
    const kind = kindOf(entry.stats)
    if (kind === S_IFLNK) return native.readlinkAt(from, name) !== native.readlinkAt(to, name)
    const words = (['size', 'mSec', 'mNsec', 'rdev'] as const).slice(kind === S_IFREG ? 0 : 3)
    if (entry.mode !== other.mode || words.some((word) => statOf(entry.stats, word) !== statOf(other.stats, word))) {
      return true
    }
    // Touched since, though it looks the same: the bytes decide. The clock of a disk is coarse.
    if (kind !== S_IFREG || statOf(entry.stats, 'cSec') * 1000 < this.began - 2000) return false
    const a = done(native.openAt(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0), path)
    const b = native.openAt(to, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0)
    try {
      done(b, path)
      return !hasAttributes(a, b) || !this.comparison.sameBytes(a, b, path)
    } finally {
      native.closeFd(a)
      if (b >= 0) native.closeFd(b)
    }
  }
}
