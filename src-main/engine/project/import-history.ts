import type { ChangeEntry, ChangeMetadata } from '../history/change-metadata.ts'
import { HistoryIndex, type RecordedChange } from '../history/history-index.ts'
import { IMPORT_TITLE } from '../history/own-programs.ts'
import { PIJUL_CHANNEL, pijulPath } from '../recorder/pijul-names.ts'
import { pointerText } from '../recorder/pijul-pointer.ts'
import type { Instant } from '../sys/clock.ts'
import { endingOf } from '../store/ending.ts'
import { ObjectStore } from '../store/object-store.ts'
import { Timeline } from '../store/timeline.ts'
import * as native from '../sys/native.ts'
import { IzeError } from '../ize-error.ts'
import type { ProjectLayout } from './layout.ts'
import { kindOf, S_IFLNK, STAT, statOf, type SourceEntry } from './import-types.ts'

/** Files go to the hashing pool in lots of this size; two lots are open at a time. */
const LOT_FILES = 256
const LOT_BYTES = 32 * 1024 * 1024
/** What one change may hold before the next is begun: its texts and their graph are in memory all at once. */
const CHANGE_BYTES = 256 * 1024 * 1024
const CHANGE_ENTRIES = 100_000

interface Pending {
  readonly entry: ChangeEntry
  readonly fd: number
  readonly size: number
}

export interface ImportHistoryOptions {
  /** Of `projects/.{uuid}.partial`. */
  readonly layout: ProjectLayout
  readonly name: string
  readonly author: string
  readonly textLimit: number
  readonly time: Instant
  /** Versioned files whose content is in the store. */
  readonly stored: (files: number) => void
}

/**
 * The first version of everything that is versioned: contents become objects while the copying goes on, then one Pijul
 * change takes them in. No operation made it, so it covers operation 0, and the log begins with 1.
 */
export class ImportHistory {
  private entries: ChangeEntry[] = []
  private edits: native.PijulEdit[] = []
  private lot: Pending[] = []
  private lotBytes = 0
  private changeBytes = 0
  private storing: Promise<void> = Promise.resolve()
  private recording: Promise<void> = Promise.resolve()
  private readonly recorded: Omit<RecordedChange, 'n'>[] = []

  private constructor(
    private readonly options: ImportHistoryOptions,
    private readonly objects: ObjectStore,
    private readonly repository: native.PijulRepository,
  ) {}

  static async open(options: ImportHistoryOptions): Promise<ImportHistory> {
    const repository = await native.PijulRepository.open(options.layout.root, PIJUL_CHANNEL)
    return new ImportHistory(options, ObjectStore.open(options.layout.objects, { write: true }), repository)
  }

  directory(path: string, directory: SourceEntry, xattrs: Readonly<Record<string, string>>): void {
    this.entries.push(this.entry(path, 'directory', directory, xattrs))
    // Others come to be with what is in them.
    if (!directory.children?.some(({ versioned }) => versioned))
      this.edits.push({ kind: 'mkdir', path: pijulPath(path) })
  }

  special(path: string, file: SourceEntry, target: string | undefined): void {
    const { stats } = file
    const [mode, rdev] = [statOf(stats, 'mode'), statOf(stats, 'rdev')]
    const link = kindOf(stats) === S_IFLNK
    if (link && target === undefined) throw new IzeError('E_IMPORT', `The link "${path}" cannot be read.`)
    const content = pointerText(link ? { kind: 'symlink', target: target ?? '' } : { kind: 'special', mode, rdev })
    const more = link ? { target: target ?? '' } : { special: [mode & 0o170000, rdev] as [number, number] }
    this.entries.push({ ...this.entry(path, link ? 'symlink' : 'special', file, {}), ...more })
    this.edits.push({ kind: 'write', path: pijulPath(path), content, executable: false })
  }

  /** Takes the descriptor over: it is closed when the content is an object. */
  async file(path: string, file: SourceEntry, fd: number, xattrs: Readonly<Record<string, string>>): Promise<void> {
    const size = statOf(file.stats, 'size')
    const entry = { ...this.entry(path, 'file', file, xattrs), size }
    this.entries.push(entry)
    this.lot.push({ entry, fd, size })
    this.lotBytes += size
    if (this.lot.length >= LOT_FILES || this.lotBytes >= LOT_BYTES) await this.store()
    if (this.changeBytes >= CHANGE_BYTES || this.entries.length >= CHANGE_ENTRIES) await this.record()
  }

  /** Records what is left, fills the index, and returns the hashes of the changes. */
  async finish(): Promise<readonly string[]> {
    await this.record()
    await this.recording
    // Pijul may have put a change of its own, the root, before ours.
    const first = ((await this.repository.head())?.n ?? 0) - this.recorded.length + 1
    const index = HistoryIndex.open(this.options.layout.index)
    try {
      const changes = this.recorded.map((change, i) => ({ ...change, n: first + i }))
      const timeline = await Timeline.open(this.objects, this.options.layout, this.repository)
      await timeline.append(changes).finally(() => timeline.close())
      index.append(changes)
      index.seal()
    } finally {
      index.close()
    }
    await this.close()
    return this.recorded.map(({ hash }) => hash)
  }

  /** Ends everything that still runs, so that the folder can be removed. */
  async abandon(): Promise<void> {
    for (const { fd } of this.lot) native.closeFd(fd)
    this.lot = []
    await Promise.allSettled([this.storing, this.recording])
    await this.close().catch(() => undefined)
  }

  private async close(): Promise<void> {
    this.objects.close()
    await this.repository.close()
  }

  /** Hands a lot to the pool; waits for the one before it, so that no more than two hold memory. */
  private async store(): Promise<void> {
    const lot = this.lot
    this.lot = []
    this.lotBytes = 0
    const before = this.storing
    const jobs = lot.map(({ fd, size, entry }) => ({
      segments: Float64Array.of(fd, 0, size),
      hint: endingOf(entry.path),
    }))
    this.storing = this.objects
      .putContents(jobs, this.options.textLimit)
      .then((stored) => {
        lot.forEach((pending, i) => this.stored(pending, stored[i]!))
        this.options.stored(lot.length)
      })
      .finally(() => {
        for (const { fd } of lot) native.closeFd(fd)
      })
    // A failure is reported where the lot is waited for.
    this.storing.catch(() => undefined)
    await before
  }

  private stored({ entry, size }: Pending, object: native.StoredContent): void {
    entry.object = object.hash
    entry.text = object.content !== null && size <= this.options.textLimit
    const content =
      entry.text && object.content ? object.content : pointerText({ kind: 'file', size, object: object.hash })
    this.edits.push({
      kind: 'write',
      path: pijulPath(entry.path),
      content,
      executable: ((entry.mode ?? 0) & 0o100) !== 0,
    })
    this.changeBytes += content.length
  }

  private async record(): Promise<void> {
    if (this.lot.length > 0) await this.store()
    await this.storing
    const { name, author, time } = this.options
    const metadata: ChangeMetadata = {
      version: 1,
      kind: 'import',
      first: 0,
      last: 0,
      time: [time.sec, time.nsec],
      programs: [{ name: IMPORT_TITLE, pid: process.pid, start: 0 }],
      author,
      entries: this.entries,
    }
    const change: native.PijulChange = {
      message: `${'0'.repeat(16)}\nimport: ${name}`,
      author,
      timeMs: time.sec * 1000 + Math.floor(time.nsec / 1e6),
      metadata: Buffer.from(JSON.stringify(metadata)),
      edits: this.edits,
      needs: this.objects.publish(),
    }
    this.entries = []
    this.edits = []
    this.changeBytes = 0
    await this.recording
    this.recording = this.repository.record([change]).then(([made]) => {
      if (made?.hash) this.recorded.push({ hash: made.hash, state: made.state, metadata })
    })
    this.recording.catch(() => undefined)
  }

  private entry(
    path: string,
    type: ChangeEntry['type'],
    { ino, stats }: SourceEntry,
    xattrs: Readonly<Record<string, string>>,
  ): ChangeEntry {
    return {
      kind: 'create',
      type,
      path,
      ino,
      mode: (stats[STAT.mode] ?? 0) & 0o7777,
      uid: statOf(stats, 'uid'),
      gid: statOf(stats, 'gid'),
      mtime: [statOf(stats, 'mSec'), statOf(stats, 'mNsec')],
      ...(Object.keys(xattrs).length > 0 ? { xattrs: { ...xattrs } } : {}),
      program: 0,
      operations: [0, 0],
    }
  }
}
