import type { ChangeEntry, ChangeMetadata, Program } from '../history/change-metadata.ts'
import { kindOf } from '../history/own-programs.ts'
import type { VersionState } from '../history/version-state.ts'
import { contentSegments, pieces, type LogBytes } from '../namespace/content.ts'
import type { Inode } from '../namespace/inode.ts'
import type { Namespace } from '../namespace/namespace.ts'
import type { RecorderSettings } from '../project/worker-messages.ts'
import { endingOf } from '../store/ending.ts'
import type { ContentJob, ObjectStore } from '../store/object-store.ts'
import type { Timeline } from '../store/timeline.ts'
import type * as native from '../sys/native.ts'
import type { Draft } from './draft.ts'
import { pijulPath } from './pijul-names.ts'
import { pijulEdits } from './pijul-edits.ts'
import { pointerText } from './pijul-pointer.ts'

/** From this many files on the hashing pool is worth its messages. */
const POOL_FROM = 8
const POOL_LOT = 512
/** A file of this size is not read where it still is what its last version was. */
const PARTIAL_FROM = 8 * 1024 * 1024

export interface ChangeRequest {
  readonly drafts: readonly Draft[]
  readonly programs: readonly Program[]
  readonly first: number
  readonly last: number
  readonly time: readonly [number, number]
  /** What working/ has of the file is its last version. */
  readonly isBase: (ino: number) => boolean
}

export interface MadeChange {
  readonly change: native.PijulChange
  readonly metadata: ChangeMetadata
}

/** Makes the Pijul change of a batch: contents into the store, then edits and metadata. */
export class ChangeMaker {
  constructor(
    private readonly store: ObjectStore,
    private readonly timeline: Pick<Timeline, 'head' | 'trees'>,
    private readonly settings: Pick<RecorderSettings, 'author' | 'textLimit'>,
  ) {}

  /** What is new in the store is flushed by the commit (`needs`): no committed change can name what is not on the disk. */
  async make(request: ChangeRequest, space: Namespace, log: LogBytes): Promise<MadeChange> {
    const texts = await this.keep(request, space, log)
    const entries = request.drafts.map(({ entry }) => entry)
    const { author } = this.settings
    const metadata: ChangeMetadata = {
      version: 1,
      kind: kindOf(entries, request.programs),
      first: request.first,
      last: request.last,
      time: [...request.time],
      programs: [...request.programs],
      author,
      entries,
    }
    const [lead] = entries
    const title = `${lead?.kind ?? metadata.kind}: ${pijulPath(lead?.path ?? '')}`
    const edits = pijulEdits(request.drafts, texts)
    return { metadata, change: { ...changeOf(metadata, title, edits), needs: this.store.publish() } }
  }

  /** A change without entries. `operation`: the last one that history covers. */
  makeSeal(message: string, time: readonly [number, number], operation: number): MadeChange {
    const { author } = this.settings
    const metadata: ChangeMetadata = {
      ...{ version: 1, kind: 'seal', first: operation, last: operation, time: [...time] },
      ...{ programs: [], author, entries: [], note: message },
    }
    return { metadata, change: changeOf(metadata, `seal: ${message}`, []) }
  }

  /** Fills in object, size and text of the entries; returns what Pijul holds for each. */
  private async keep(request: ChangeRequest, space: Namespace, log: LogBytes): Promise<Map<ChangeEntry, Buffer>> {
    const texts = new Map<ChangeEntry, Buffer>()
    const take = (entry: ChangeEntry, stored: native.StoredContent): void => {
      entry.object = stored.hash
      entry.size = stored.size
      entry.text = stored.content !== null
      texts.set(entry, stored.content ?? pointerText({ kind: 'file', size: stored.size, object: stored.hash }))
    }
    const files = request.drafts.flatMap(({ entry, content }) => (content?.isFile ? [{ entry, content }] : []))
    for (let at = 0; at < files.length; at += POOL_LOT) {
      const lot = files.slice(at, at + POOL_LOT)
      const jobs = lot.map(({ entry, content }): ContentJob => {
        const before = this.versionBefore(entry)
        const known = content.size >= PARTIAL_FROM && before?.ino === content.ino && request.isBase(content.ino)
        return {
          segments: contentSegments(content, space.tree, log),
          hint: endingOf(entry.path),
          ...(before?.object === undefined ? {} : { previous: before.object }),
          ...(known ? { unchanged: baseRanges(content) } : {}),
        }
      })
      const { textLimit } = this.settings
      const stored =
        jobs.length < POOL_FROM
          ? jobs.map((job) => this.store.putContent(job, textLimit))
          : await this.store.putContents(jobs, textLimit)
      lot.forEach(({ entry }, i) => take(entry, stored[i] as native.StoredContent))
    }
    return texts
  }

  /** What the file was in the newest seal. */
  private versionBefore({ kind, path, from }: ChangeEntry): VersionState | null {
    if (kind === 'create') return null
    const { head, trees } = this.timeline
    return trees.lookup(head.tree, from ?? path)?.state ?? null
  }
}

function changeOf(metadata: ChangeMetadata, title: string, edits: native.PijulEdit[]): native.PijulChange {
  const { first, time, author = '' } = metadata
  return {
    message: `${first.toString(16).padStart(16, '0')}\n${title}`,
    author,
    timeMs: time[0] * 1000 + Math.floor(time[1] / 1e6),
    metadata: Buffer.from(JSON.stringify(metadata)),
    edits,
  }
}

/** Pairs of offset and length: what the file still has of its base in working/. */
function baseRanges(inode: Inode): Float64Array {
  const ranges: number[] = []
  pieces(inode, 0, inode.size, (kind, from, to) => {
    if (kind === 'base') ranges.push(from, to - from)
  })
  return Float64Array.from(ranges)
}
