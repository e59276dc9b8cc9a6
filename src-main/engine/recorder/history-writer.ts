import { changeMetadataSchema, type ChangeMetadata } from '../history/change-metadata.ts'
import type { HistoryIndex, RecordedChange } from '../history/history-index.ts'
import { changesOf, openCurrentIndex } from '../history/open-current-index.ts'
import type { LogBytes } from '../namespace/content.ts'
import type { Namespace } from '../namespace/namespace.ts'
import type { ProjectLayout } from '../project/layout.ts'
import type { RecorderSettings } from '../project/worker-messages.ts'
import { ObjectStore } from '../store/object-store.ts'
import { Timeline } from '../store/timeline.ts'
import { reached } from '../sys/failpoint.ts'
import * as native from '../sys/native.ts'
import { ChangeMaker, type ChangeRequest } from './make-change.ts'
import { PIJUL_CHANNEL } from './pijul-names.ts'

/**
 * History as its only writer has it. Order for each change (a crash between any two steps is made good by `open`):
 *
 * 1. the contents of its files, into the open pack; 2. the Pijul change, flushed with the pack, and its commit; 3. its
 * seal, which follows from the change (timeline.ts), and its rows in the index.
 */
export class HistoryWriter {
  private constructor(
    private readonly pijul: native.PijulRepository,
    private readonly store: ObjectStore,
    private readonly timeline: Timeline,
    private readonly index: HistoryIndex,
    private readonly maker: ChangeMaker,
    private readonly notice: (message: string) => void,
  ) {}

  /** Makes the seals and rows that are missing. Errors: those of Pijul, the store, the index. */
  static async open(
    layout: ProjectLayout,
    settings: RecorderSettings,
    notice: (message: string) => void,
  ): Promise<HistoryWriter> {
    const opened: { close(): void | Promise<void> }[] = []
    const keep = <T extends { close(): void | Promise<void> }>(one: T): T => (opened.unshift(one), one)
    try {
      const pijul = keep(await native.PijulRepository.open(layout.root, PIJUL_CHANNEL))
      const store = keep(ObjectStore.open(layout.objects, { write: true }))
      for (const { file, why } of store.problems()) notice(`A part of ${file} in objects/ cannot be read: ${why}.`)
      const timeline = keep(await Timeline.open(store, layout, pijul))
      await sealRest(timeline, pijul)
      const index = keep(await openCurrentIndex(layout.index, pijul))
      const maker = new ChangeMaker(store, timeline, settings)
      return new HistoryWriter(pijul, store, timeline, index, maker, notice)
    } catch (error) {
      for (const one of opened) await one.close()
      throw error
    }
  }

  /** The newest operation that history has; everything up to it is recorded. */
  get lastOperation(): number {
    return this.index.last()?.lastOp ?? 0
  }

  /** Time of the newest change. */
  lastTime(): readonly [number, number] | null {
    return this.index.lastTime()
  }

  /** Something of history is at the path now. */
  has(path: string): boolean {
    return this.index.fileAt(path) !== null
  }

  /** What the newest change says of itself. */
  async newest(): Promise<ChangeMetadata | undefined> {
    const head = await this.pijul.head()
    return head ? metadataOf(head) : undefined
  }

  /** The changes that hold later operations than the one named, oldest first. */
  async recordedAfter(operation: number): Promise<ChangeMetadata[]> {
    const found: ChangeMetadata[] = []
    for (let from = this.index.firstAfter(operation); from !== null && from < this.index.next;) {
      const changes = await this.pijul.log(from, 1000)
      if (changes.length === 0) break
      found.push(...changes.map(metadataOf))
      from += changes.length
    }
    return found
  }

  /** Writes one change; returns its place in the channel, or null when there was nothing to keep. */
  async write(request: ChangeRequest, space: Namespace, log: LogBytes): Promise<number | null> {
    const { change, metadata } = await this.maker.make(request, space, log)
    reached('objects-stored')
    const { hash, state } = await this.record(change)
    reached('pijul-committed')
    if (hash === null) return null
    const recorded: RecordedChange = { hash, state, n: this.index.next, metadata }
    await this.timeline.append([recorded])
    const sequence = this.index.append([recorded])
    reached('index-written')
    return sequence
  }

  async close(): Promise<void> {
    await this.pijul.close()
    this.index.close()
    this.timeline.close()
    this.store.close()
  }

  /**
   * What Pijul refuses must not stop history: the change is recorded without edits then, so that objects and metadata
   * have all of it, and the difference is told.
   */
  private async record(change: native.PijulChange): Promise<native.PijulRecorded> {
    const record = async (one: native.PijulChange): Promise<native.PijulRecorded> => {
      const [made] = await this.pijul.record([one])
      return made ?? { hash: null, state: '' }
    }
    try {
      return await record(change)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EPIJUL')) throw error
      this.notice(`Pijul's own tree lacks a change that history has: ${error.message}`)
      return record({ ...change, edits: [] })
    }
  }
}

/** Seals taken in at a time, when many are missing: those of a project of before there were seals. */
const LOT = 500

async function sealRest(timeline: Timeline, pijul: native.PijulRepository): Promise<void> {
  let lot: RecordedChange[] = []
  for await (const change of changesOf(pijul, timeline.sealed + 1)) {
    lot.push(change)
    if (lot.length < LOT) continue
    await timeline.append(lot)
    lot = []
  }
  await timeline.append(lot)
}

function metadataOf({ metadata }: { readonly metadata: Buffer }): ChangeMetadata {
  return changeMetadataSchema.parse(JSON.parse(metadata.toString('utf8')))
}
