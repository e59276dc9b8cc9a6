import { closeSync, fdatasyncSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { ChangeEntry, ChangeKind, ChangeMetadata, Program } from '../history/change-metadata.ts'
import { contentSegments, type LogBytes } from '../namespace/content.ts'
import type { Namespace } from '../namespace/namespace.ts'
import * as native from '../sys/native.ts'
import type { Draft } from './entries.ts'
import { pijulPath } from './pijul-names.ts'
import { pointerText } from './pijul-pointer.ts'

const COMPRESSION = 3
/** Up to this many new objects are flushed one by one; more by one syncfs. */
const FLUSH_SINGLY = 16
/** From this many files on the hashing pool is worth its messages. */
const POOL_FROM = 8
const POOL_LOT = 512

export interface ChangeRequest {
  readonly drafts: readonly Draft[]
  readonly programs: readonly Program[]
  readonly first: number
  readonly last: number
  readonly time: readonly [number, number]
  readonly author: string
}

/** Makes the Pijul change of a batch: contents into the store, then edits and metadata. */
export class ChangeMaker {
  constructor(
    private readonly objects: string,
    private readonly objectsFd: number,
    private readonly textLimit: number,
  ) {}

  /** Objects are on the disk when this returns, so that no committed change can name one that is not. */
  async make(
    request: ChangeRequest,
    space: Namespace,
    log: LogBytes,
  ): Promise<{ change: native.PijulChange; metadata: ChangeMetadata }> {
    const texts = await this.store(request.drafts, space, log)
    const entries = request.drafts.map(({ entry }) => entry)
    const metadata: ChangeMetadata = {
      version: 1,
      kind: kindOf(entries),
      first: request.first,
      last: request.last,
      time: [...request.time],
      programs: [...request.programs],
      entries,
    }
    const [lead] = entries
    const change: native.PijulChange = {
      message: `${request.first.toString(16).padStart(16, '0')}\n${lead?.kind ?? metadata.kind}: ${pijulPath(lead?.path ?? '')}`,
      author: request.author,
      timeMs: request.time[0] * 1000 + Math.floor(request.time[1] / 1e6),
      metadata: Buffer.from(JSON.stringify(metadata)),
      edits: pijulEdits(request.drafts, texts),
    }
    return { change, metadata }
  }

  /** Fills in object, size and text of the entries; returns what Pijul holds for each. */
  private async store(drafts: readonly Draft[], space: Namespace, log: LogBytes): Promise<Map<ChangeEntry, Buffer>> {
    const texts = new Map<ChangeEntry, Buffer>()
    const fresh: string[] = []
    const take = (entry: ChangeEntry, stored: native.StoredObject): void => {
      entry.object = stored.hash
      entry.size = stored.size
      entry.text = stored.content !== null
      texts.set(entry, stored.content ?? pointerText({ kind: 'file', size: stored.size, object: stored.hash }))
      if (stored.storedSize > 0) fresh.push(stored.hash)
    }
    const files = drafts.filter((draft) => draft.content?.isFile)
    if (files.length < POOL_FROM) {
      for (const { entry, content } of files) {
        if (content) {
          take(
            entry,
            native.storeObject(this.objectsFd, contentSegments(content, space.tree, log), COMPRESSION, this.textLimit),
          )
        }
      }
    } else {
      for (let at = 0; at < files.length; at += POOL_LOT) {
        const lot = files.slice(at, at + POOL_LOT)
        const jobs = lot.flatMap(({ content }) => (content ? [contentSegments(content, space.tree, log)] : []))
        const stored = await native.storeObjects(this.objectsFd, jobs, COMPRESSION, this.textLimit)
        lot.forEach(({ entry }, i) => take(entry, stored[i] as native.StoredObject))
      }
    }
    this.flush(fresh)
    return texts
  }

  private flush(hashes: readonly string[]): void {
    if (hashes.length === 0) return
    if (hashes.length > FLUSH_SINGLY) {
      const done = native.syncFileSystem(this.objectsFd)
      if (done < 0) throw Object.assign(new Error('the store could not be synced'), { errno: done })
      return
    }
    for (const hash of hashes) {
      const fd = openSync(join(this.objects, hash.slice(0, 2), hash.slice(2)), 'r')
      try {
        fdatasyncSync(fd)
      } finally {
        closeSync(fd)
      }
    }
  }
}

function kindOf(entries: readonly ChangeEntry[]): ChangeKind {
  const [first, ...more] = entries
  return first && more.length === 0 ? first.kind : 'several'
}

/**
 * The entries as edits, in their order. A rename onto a name that another rename has yet to leave goes through a name
 * of its own; what a removed directory holds goes with it.
 */
function pijulEdits(drafts: readonly Draft[], texts: ReadonlyMap<ChangeEntry, Buffer>): native.PijulEdit[] {
  const edits: native.PijulEdit[] = []
  const removed = new Set(
    drafts.flatMap(({ entry }) => (entry.kind === 'delete' && entry.type === 'directory' ? [entry.path] : [])),
  )
  const leaving = new Set(drafts.flatMap(({ entry }) => (entry.from === undefined ? [] : [entry.from])))
  const parked = new Map<string, string>()
  for (const { entry } of drafts) {
    if (entry.from === undefined || !leaving.has(entry.path)) continue
    const aside = `.ize-moving-${entry.ino}`
    parked.set(entry.from, aside)
    edits.push({ kind: 'rename', from: pijulPath(entry.from), to: aside })
  }
  for (const { entry } of drafts) {
    const path = pijulPath(entry.path)
    switch (entry.kind) {
      case 'delete':
        if (!isBelow(entry.path, removed)) edits.push({ kind: 'delete', path })
        break
      case 'rename':
        edits.push({ kind: 'rename', from: parked.get(entry.from ?? '') ?? pijulPath(entry.from ?? ''), to: path })
        write(entry, path)
        break
      case 'create':
      case 'edit':
      case 'attributes':
        if (entry.type === 'directory') {
          if (entry.kind === 'create') edits.push({ kind: 'mkdir', path })
        } else write(entry, path)
    }
  }
  return edits

  function write(entry: ChangeEntry, path: string): void {
    const content =
      entry.type === 'symlink'
        ? pointerText({ kind: 'symlink', target: entry.target ?? '' })
        : entry.type === 'special'
          ? pointerText({ kind: 'special', mode: entry.special?.[0] ?? 0, rdev: entry.special?.[1] ?? 0 })
          : texts.get(entry)
    if (content && entry.type !== 'directory') {
      edits.push({
        kind: 'write',
        path,
        content,
        executable: entry.type === 'file' && ((entry.mode ?? 0) & 0o100) !== 0,
      })
    }
  }
}

function isBelow(path: string, directories: ReadonlySet<string>): boolean {
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    if (directories.has(path.slice(0, slash))) return true
  }
  return false
}
