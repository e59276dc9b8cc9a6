import { join } from 'node:path'
import type { ChangeEntry, ChangeMetadata, Program } from '../history/change-metadata.ts'
import { kindOf } from '../history/own-programs.ts'
import { contentSegments, type LogBytes } from '../namespace/content.ts'
import type { Namespace } from '../namespace/namespace.ts'
import * as native from '../sys/native.ts'
import type { Draft } from './draft.ts'
import { pijulPath } from './pijul-names.ts'
import { pijulEdits } from './pijul-edits.ts'
import { pointerText } from './pijul-pointer.ts'

const COMPRESSION = 3
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

  /** New objects are flushed by the commit (`needs`), so that no committed change can name one that is not on the disk. */
  async make(
    request: ChangeRequest,
    space: Namespace,
    log: LogBytes,
  ): Promise<{ change: native.PijulChange; metadata: ChangeMetadata }> {
    const { texts, needs } = await this.store(request.drafts, space, log)
    const entries = request.drafts.map(({ entry }) => entry)
    const metadata: ChangeMetadata = {
      version: 1,
      kind: kindOf(entries, request.programs),
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
      needs,
    }
    return { change, metadata }
  }

  /** Fills in object, size and text of the entries; returns what Pijul holds for each, and the paths of new objects. */
  private async store(
    drafts: readonly Draft[],
    space: Namespace,
    log: LogBytes,
  ): Promise<{ readonly texts: Map<ChangeEntry, Buffer>; readonly needs: string[] }> {
    const texts = new Map<ChangeEntry, Buffer>()
    const needs: string[] = []
    const take = (entry: ChangeEntry, stored: native.StoredObject): void => {
      entry.object = stored.hash
      entry.size = stored.size
      entry.text = stored.content !== null
      texts.set(entry, stored.content ?? pointerText({ kind: 'file', size: stored.size, object: stored.hash }))
      if (stored.storedSize > 0) needs.push(join(this.objects, stored.hash.slice(0, 2), stored.hash.slice(2)))
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
    return { texts, needs }
  }
}
