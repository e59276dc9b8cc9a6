import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type ChangeEntry,
  type ChangeMetadata,
  changeMetadataSchema,
} from '../../src-main/engine/history/change-metadata.ts'
import { projectLayout, type ProjectLayout } from '../../src-main/engine/project/layout.ts'
import type { RecorderSettings } from '../../src-main/engine/project/worker-messages.ts'
import { HistoryWriter } from '../../src-main/engine/recorder/history-writer.ts'
import { pijulPath } from '../../src-main/engine/recorder/pijul-names.ts'
import { ChangeArchive } from '../../src-main/engine/retention/change-archive.ts'
import { Channel } from '../../src-main/engine/retention/channel.ts'
import { foldMetadata, writeFolded } from '../../src-main/engine/retention/folded.ts'
import { swapFolded } from '../../src-main/engine/retention/fold-swap.ts'
import { endingOf } from '../../src-main/engine/store/ending.ts'
import { ObjectStore } from '../../src-main/engine/store/object-store.ts'
import type { PijulChange, PijulEdit, PijulLogEntry } from '../../src-main/engine/sys/native.ts'
import { pijulHash } from '../store/sealed-project.ts'
import { beforeSeconds, comparedTexts, plannedChanges, type PlannedChange } from './recipe.ts'

const AUTHOR = 'bench <bench@localhost>'
const LOT = 256
const TEXT_LIMIT = 4 * 2 ** 20
/** The newest change is so old when the project is made. */
const OLD_SECONDS = 3600
/** Place of the first change of a channel. */
const FIRST = 1

/**
 * Gives a project that was just taken in, and that nobody has open, a long history: as a folding leaves it, so that no
 * change has to go through Pijul. Contents into the store, changes into the archive, Pijul's part with the newest tree,
 * the same files in `working/`; seals and index are then made by the recorder's own code.
 */
export async function writeHistory(root: string, paths: readonly string[], changes: number): Promise<void> {
  const layout = projectLayout(root)
  const channel = await Channel.open(layout)
  const imported = await readAll(channel)
  const store = ObjectStore.open(layout.objects, { write: true })
  const history = new LongHistory(store, stateOf(imported))
  const archive = ChangeArchive.append(layout.archive, 0)
  const until = Math.floor(Date.now() / 1000) - OLD_SECONDS
  let last = imported.at(-1) as PijulLogEntry
  try {
    for (const entry of imported) archive.add([madeAt(until - beforeSeconds(changes), entry)])
    const lot: PijulLogEntry[] = []
    const add = (metadata: ChangeMetadata): void => {
      last = logEntry(last.n + 1, metadata)
      if (lot.push(last) >= LOT) archive.add(lot.splice(0))
    }
    for (const change of plannedChanges(paths, changes - 1, until - 60)) add(history.take(change))
    add(history.compare(until))
    archive.add(lot)
    archive.sync()
    await store.flush()
  } finally {
    archive.close()
    store.close()
  }
  await fold(channel, layout, history.newest(layout.working), last)
  await channel.close()
  const writer = await HistoryWriter.open(layout, settings, (message) => console.error(message), false)
  await writer.close()
}

const settings: RecorderSettings = {
  ...{ granularity: 'save', textLimit: TEXT_LIMIT, quietMs: 0, maxWaitMs: 0, openWriterSeconds: 0 },
  ...{ limitBytes: 0, limitOperations: 0, author: AUTHOR, ignore: [] },
}

async function readAll(channel: Channel): Promise<PijulLogEntry[]> {
  const entries: PijulLogEntry[] = []
  for (let from = FIRST; ;) {
    const lot = await channel.log(from, LOT)
    entries.push(...lot)
    const newest = lot.at(-1)
    if (!newest) return entries
    from = newest.n + 1
  }
}

/** The same change, made at another time. */
function madeAt(seconds: number, entry: PijulLogEntry): PijulLogEntry {
  const metadata = changeMetadataSchema.parse(JSON.parse(entry.metadata.toString()))
  const bytes = Buffer.from(JSON.stringify({ ...metadata, time: [seconds, 0] } satisfies ChangeMetadata))
  return { ...entry, timeMs: seconds * 1000, metadata: bytes }
}

function stateOf(entries: readonly PijulLogEntry[]): Map<string, ChangeEntry> {
  const metadata = entries.map((entry) => changeMetadataSchema.parse(JSON.parse(entry.metadata.toString())))
  return new Map(metadata.flatMap((change) => change.entries).map((entry) => [entry.path, entry]))
}

/** What files hold by now, and the metadata of the changes that made it so. */
class LongHistory {
  private readonly texts = new Map<string, string | null>()

  constructor(
    private readonly store: ObjectStore,
    private readonly entries: Map<string, ChangeEntry>,
  ) {}

  take({ time, program, pid, kind, paths }: PlannedChange): ChangeMetadata {
    const entries = paths.map((path) =>
      kind === 'delete' ? this.remove(path) : this.write(path, this.next(path), time),
    )
    return metadataOf(time, { name: program, pid, start: 1000, command: [program, ...paths] }, entries)
  }

  compare(time: number): ChangeMetadata {
    const entries = comparedTexts('after').map(([path, text]) => this.write(path, text, time))
    return metadataOf(time, { name: 'code', pid: 77, start: 1000 }, entries)
  }

  /** Puts what was changed into `working/`, and says how Pijul comes by it. */
  newest(working: string): PijulEdit[] {
    return [...this.texts].map(([path, text]): PijulEdit => {
      const file = join(working, path)
      if (text === null) {
        rmSync(file)
        return { kind: 'delete', path: pijulPath(path) }
      }
      const [seconds] = this.entries.get(path)?.mtime ?? [0]
      // In place: the file keeps its inode and its identity.
      writeFileSync(file, text)
      utimesSync(file, seconds, seconds)
      const content = Buffer.from(text)
      return { kind: 'write', path: pijulPath(path), content, executable: false }
    })
  }

  private next(path: string): string {
    const { object } = this.entry(path)
    const lines = (this.texts.get(path) ?? this.store.read(object ?? '', TEXT_LIMIT).toString('latin1')).split('\n')
    const edits = Number(/^edited (\d+)/.exec(lines[0] ?? '')?.[1] ?? 0) + 1
    const body = lines.map((line, n) => (n === edits % lines.length ? `line of version ${edits}` : line))
    return [`edited ${edits} times`, ...(edits === 1 ? body : body.slice(1))].join('\n')
  }

  private write(path: string, text: string, time: number): ChangeEntry {
    const stored = this.store.put(Buffer.from(text), endingOf(path))
    this.texts.set(path, text)
    const entry: ChangeEntry = {
      ...this.entry(path),
      ...{ kind: 'edit', mtime: [time, 0], size: stored.size, object: stored.hash, text: stored.size <= TEXT_LIMIT },
    }
    this.entries.set(path, entry)
    return entry
  }

  private remove(path: string): ChangeEntry {
    const { type, ino, program, operations } = this.entry(path)
    this.texts.set(path, null)
    return { kind: 'delete', type, path, ino, program, operations }
  }

  private entry(path: string): ChangeEntry {
    const entry = this.entries.get(path)
    if (!entry) throw new Error(`${path} was not taken in.`)
    return entry
  }
}

/** As an import, it covers operation 0: the log begins with 1. */
function metadataOf(time: number, program: ChangeMetadata['programs'][number], entries: ChangeEntry[]): ChangeMetadata {
  const [only, ...more] = entries
  const kind = only && more.length === 0 ? only.kind : 'several'
  const instant: [number, number] = [time, 0]
  return { version: 1, kind, first: 0, last: 0, time: instant, programs: [program], author: AUTHOR, entries }
}

function logEntry(n: number, metadata: ChangeMetadata): PijulLogEntry {
  const message = `${'0'.repeat(16)}\n${metadata.kind}: ${metadata.entries[0]?.path ?? ''}`
  const [seconds] = metadata.time
  const bytes = Buffer.from(JSON.stringify(metadata))
  return { n, hash: pijulHash(n), state: pijulHash(-n), message, timeMs: seconds * 1000, metadata: bytes }
}

/** Makes the archive count: Pijul keeps the newest tree alone (see fold-channel.ts for the order). */
async function fold(channel: Channel, layout: ProjectLayout, edits: PijulEdit[], last: PijulLogEntry): Promise<void> {
  const { n: changes, hash, state, timeMs, metadata } = last
  const change: PijulChange = { message: last.message, author: AUTHOR, timeMs, metadata, edits }
  await channel.record([change])
  mkdirSync(layout.fold, { mode: 0o700 })
  const folded = { changes, hash, state }
  const like = { ...change, message: `fold: ${changes} changes`, metadata: foldMetadata(folded), edits: [] }
  const parts = await channel.foldInto(layout.fold, like)
  await writeFolded(join(layout.fold, '.pijul'), { changes, parts })
  await channel.replace(() => swapFolded(layout))
}
