import { join } from 'node:path'
import type { ChangeMetadata } from '../history/change-metadata.ts'
import type { HistoryIndex, RecordedChange } from '../history/history-index.ts'
import { appendMissing, openCurrentIndex } from '../history/open-current-index.ts'
import type { LogBytes } from '../namespace/content.ts'
import type { Namespace } from '../namespace/namespace.ts'
import type { ProjectLayout } from '../project/layout.ts'
import type { ChannelEntry, CollectionOrder, RecorderSettings } from '../project/worker-messages.ts'
import { IzeError } from '../ize-error.ts'
import { Channel } from '../retention/channel.ts'
import { foldChannel, type FoldResult } from '../retention/fold-channel.ts'
import { finishForgetting, forgetContents, type ForgetStep, type ForgetWork } from '../retention/forgetting.ts'
import type { Collected, CollectOptions, Roots } from '../store/collect.ts'
import { ObjectStore } from '../store/object-store.ts'
import { Pruned } from '../store/retention/pruned.ts'
import { TagRefs } from '../store/seals/tag-refs.ts'
import { encodeTag, type Tag } from '../store/seals/tag.ts'
import { Timeline } from '../store/timeline.ts'
import { reached } from '../sys/failpoint.ts'
import { ChangeMaker, type ChangeRequest, type MadeChange } from './make-change.ts'
import { metadataOf, recordChange, recordedFrom } from './recorded-changes.ts'

/**
 * History as its only writer has it. Order for each change (a crash between any two steps is made good by `open`):
 *
 * 1. the contents of its files, into the open pack; 2. the Pijul change, flushed with the pack, and its commit; 3. its
 * seal, which follows from the change (timeline.ts), and its rows in the index.
 */
export class HistoryWriter {
  /** A change may be committed that has neither seal nor rows: something failed behind the commit, or in it. */
  private doubtful = false

  private constructor(
    private readonly channel: Channel,
    private readonly store: ObjectStore,
    private readonly timeline: Timeline,
    private readonly index: HistoryIndex,
    private readonly maker: ChangeMaker,
    private readonly settings: Pick<RecorderSettings, 'author'>,
    private readonly layout: ProjectLayout,
    private readonly notice: (message: string) => void,
  ) {}

  /** Makes the seals and rows that are missing. `verify`: after an unclean stop of the machine. Errors: those of Pijul, the store, the index. */
  static async open(
    layout: ProjectLayout,
    settings: RecorderSettings,
    notice: (message: string) => void,
    verify: boolean,
  ): Promise<HistoryWriter> {
    const opened: { close(): void | Promise<void> }[] = []
    const keep = <T extends { close(): void | Promise<void> }>(one: T): T => (opened.unshift(one), one)
    try {
      const channel = keep(await Channel.open(layout))
      const store = keep(ObjectStore.open(layout.objects, { write: true, verify }))
      for (const { file, why } of store.problems()) notice(`A part of ${file} in objects/ cannot be read: ${why}.`)
      const timeline = keep(await Timeline.open(store, layout, channel))
      await timeline.catchUp(channel)
      const index = keep(await openCurrentIndex(layout.index, channel))
      const maker = new ChangeMaker(store, timeline, settings)
      const history = new HistoryWriter(channel, store, timeline, index, maker, settings, layout, notice)
      await finishForgetting(history.forgetWork())
      return history
    } catch (error) {
      for (const one of opened) await one.close()
      throw error
    }
  }

  /** The newest operation that history has; everything up to it is recorded. */
  get lastOperation(): number {
    return this.index.last()?.lastOp ?? 0
  }

  /** The tree of the newest seal, and what reads it. */
  newestTree(): { readonly store: ObjectStore; readonly trees: Timeline['trees']; readonly tree: string } {
    const { store, timeline } = this
    return { store, trees: timeline.trees, tree: timeline.head.tree }
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
    const head = await this.channel.head()
    return head ? metadataOf(head) : undefined
  }

  /** The changes that end with the operation named or a later one, oldest first. */
  recordedFrom(operation: number): Promise<ChangeMetadata[]> {
    return recordedFrom(operation, this.index, this.channel)
  }

  /** Makes the seals and rows of a change that was committed when something failed behind it; false: there is none. */
  async catchUp(): Promise<boolean> {
    if (!this.doubtful) return false
    await this.timeline.catchUp(this.channel)
    await appendMissing(this.index, this.channel)
    this.doubtful = false
    return true
  }

  /** The channel's log from a place on, or its newest change. */
  async log(from: number | 'newest', limit: number): Promise<ChannelEntry[]> {
    if (from !== 'newest') return this.channel.log(from, limit)
    const head = await this.channel.head()
    return head ? [head] : []
  }

  /** Writes one change; returns its place in the channel, or null when there was nothing to keep. */
  async write(request: ChangeRequest, space: Namespace, log: LogBytes): Promise<number | null> {
    const made = await this.maker.make(request, space, log)
    reached('objects-stored')
    return this.take(made)
  }

  /**
   * Writes a change without entries, whose seal has the message; returns its place in the channel. `operation` is the
   * last one that history covers.
   */
  async seal(message: string, time: readonly [number, number], operation: number): Promise<number> {
    const sequence = await this.take(this.maker.makeSeal(message, time, operation))
    if (sequence === null) throw new IzeError('E_RECORD', 'Pijul took a seal for nothing; please report it.')
    return sequence
  }

  /** Keeps the object of an annotated tag and returns its address. It is on the disk then. */
  async tag(tag: Pick<Tag, 'name' | 'seal' | 'message'>, time: readonly [number, number]): Promise<string> {
    const bytes = encodeTag({ version: 1, ...tag, author: this.settings.author, time: [...time] })
    const address = this.store.putNode('tag', bytes)
    await this.store.flush()
    return address
  }

  /** Address of the newest seal; null: there is none. */
  get newestSeal(): string | null {
    return this.timeline.head.seal
  }

  private async take({ change, metadata }: MadeChange): Promise<number | null> {
    this.doubtful = true
    const { hash, state } = await recordChange(change, this.channel, this.notice)
    reached('pijul-committed')
    if (hash === null) return null
    const recorded: RecordedChange = { hash, state, n: this.index.next, metadata }
    await this.timeline.append([recorded])
    const sequence = this.index.append([recorded])
    this.doubtful = false
    reached('index-written')
    return sequence
  }

  /** The folder of the store's packs. */
  get packs(): string {
    return join(this.layout.objects, 'pack')
  }

  /** Whether a prune was begun and not finished. */
  get pruneDue(): boolean {
    return Pruned.read(this.layout.root).due
  }

  /**
   * Notes what is to go; from then on nothing keeps it but what later changes bring. The collection that follows lets it
   * go. Errors: E_ENGINE_BUSY when a tag was made since that was not considered.
   */
  async notePrune(order: CollectionOrder): Promise<void> {
    const known = new Set(order.tags)
    const tags = await new TagRefs(join(this.layout.refs, 'tags')).list()
    if (!tags.every(({ address }) => known.has(address))) {
      throw new IzeError('E_ENGINE_BUSY', 'A tag was made meanwhile; nothing was pruned. Try again.')
    }
    const pruned = Pruned.read(this.layout.root)
    // What an earlier one that is not finished lets go of need not be noted again.
    const newest = this.index.objects()
    const objects = order.objects.filter((object) => !pruned.letsGo(object, newest.get(object) ?? 0))
    if (objects.length > 0 || !pruned.due) await pruned.add({ ...order, objects }, Date.now())
    reached('prune-noted')
  }

  /**
   * Packs the store anew (collect.ts), and lets go of what was pruned. Called between batches, which may go on while it runs.
   *
   * Write order of a prune: 1. the contents that go, noted and flushed (`notePrune`); 2. new packs without them, flushed,
   * then the old ones removed; 3. noted that they are gone. Ended after 1, it is done again from 2 when the project is next
   * open; cancelled before the old packs go, it is withdrawn.
   */
  async collect(options?: CollectOptions): Promise<Collected> {
    const collected = await this.timeline.collect(this.roots(), options)
    await Pruned.read(this.layout.root).settle(Date.now())
    reached('prune-settled')
    return collected
  }

  /** Ends a collection that runs; nothing is removed. */
  endCollection(): void {
    this.store.gcAbort()
  }

  /** The prune that was noted last is not to be: its collection was cancelled. */
  async withdrawPrune(): Promise<void> {
    await Pruned.read(this.layout.root).withdraw(Date.now())
  }

  /**
   * Takes contents out of history for good (forgetting.ts). Called between batches, none of which runs, with everything
   * recorded and no collection begun.
   */
  async forget(objects: readonly string[], step: (step: ForgetStep) => void): Promise<void> {
    await this.catchUp()
    await forgetContents(this.forgetWork(), objects, step)
  }

  private forgetWork(): ForgetWork {
    const { layout, channel, store, timeline, settings } = this
    return { layout, channel, store, timeline, author: settings.author, roots: () => this.roots() }
  }

  private roots(): Omit<Roots, 'range'> {
    const pruned = Pruned.read(this.layout.root)
    const objects = this.index.objects()
    const gone = new Set<string>()
    for (const [object, newest] of objects) {
      if (!pruned.letsGo(object, newest)) continue
      gone.add(object)
      objects.delete(object)
    }
    const tags = new TagRefs(join(this.layout.refs, 'tags'))
    return { tags: () => tags.list(), contents: objects.keys(), pruned: gone }
  }

  /** Makes Pijul's part of history short (fold-channel.ts); null: it is already. Called between batches, none of which runs. */
  async fold(): Promise<FoldResult | null> {
    await this.catchUp()
    return foldChannel(this.channel, this.layout, { author: this.settings.author, sealed: this.newestTree() })
  }

  async close(): Promise<void> {
    this.endCollection()
    await this.channel.close()
    this.index.close()
    this.timeline.close()
    this.store.close()
  }
}
