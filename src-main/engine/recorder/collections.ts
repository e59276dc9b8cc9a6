import type { CollectionOrder, RecorderToMain, SentError } from '../project/worker-messages.ts'
import { IzeError } from '../ize-error.ts'
import type { CollectProgress } from '../store/collect.ts'
import { DuePrune } from './due-prune.ts'
import type { HistoryWriter } from './history-writer.ts'

/** Nobody asked for it, and nobody hears of it. */
const OWN = 0

interface Wanted {
  readonly id: number
  readonly order: CollectionOrder | null
  readonly lost: number
  readonly stop: AbortController
}

/** The collections of the recorder thread: one at a time, each begun between two batches, which go on beside it. */
export class Collections {
  private readonly waiting: Wanted[] = []
  private current: Wanted | null = null
  private readonly due: DuePrune

  constructor(
    private readonly history: HistoryWriter,
    private readonly say: (message: RecorderToMain) => void,
    private readonly toSent: (error: unknown) => SentError,
    /** Another may be begun. */
    private readonly ended: () => void,
  ) {
    const goOn = (): void => {
      this.want({ id: OWN, order: null, lost: 0 })
      this.ended()
    }
    this.due = new DuePrune(history.packs, say, goOn)
    if (history.pruneDue) this.want({ id: OWN, order: null, lost: 0 })
  }

  get running(): boolean {
    return this.current !== null
  }

  want({ id, order, lost }: Pick<Wanted, 'id' | 'order' | 'lost'>): void {
    this.waiting.push({ id, order, lost, stop: new AbortController() })
  }

  cancel(id: number): void {
    for (const one of [this.current, ...this.waiting]) if (one?.id === id) one.stop.abort()
  }

  close(): void {
    this.due.stop()
  }

  /** Called between two batches; the next one begins when it is settled. */
  async begin(): Promise<void> {
    const next = this.current ? undefined : this.waiting.shift()
    if (!next) return
    this.current = next
    try {
      if (next.stop.signal.aborted) throw new IzeError('E_CANCELLED', 'It was cancelled; nothing was changed.')
      if (next.order) await this.history.notePrune(next.order)
    } catch (error) {
      return this.end(next, error)
    }
    this.collect(next).then(
      () => this.end(next, null),
      (error: unknown) => this.end(next, error),
    )
  }

  private async collect({ id, order, lost, stop }: Wanted): Promise<void> {
    const progress = (step: CollectProgress): void => this.say({ type: 'collecting', id, step })
    const collecting = this.history.collect({ signal: stop.signal, progress, lost })
    try {
      this.say({ type: 'collected', id, result: await collecting, error: null })
    } catch (error) {
      if (order && stop.signal.aborted) await this.history.withdrawPrune()
      throw error
    }
  }

  private end({ id }: Wanted, error: unknown): void {
    this.current = null
    const due = this.history.pruneDue
    const sent = error === null ? null : this.toSent(explained(error, due))
    this.due.ended(due, sent && { full: sent.code === 'E_SPACE', message: sent.message })
    if (sent) this.say({ type: 'collected', id, result: null, error: sent })
    this.ended()
  }
}

function explained(error: unknown, due: boolean): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error
  const state = due
    ? 'nothing is lost, but what was pruned still takes its room. It goes on by itself once there is more.'
    : 'nothing is lost, and it is as before. Make room and try again.'
  return new IzeError('E_SPACE', `There is not enough room to pack the store: ${state}`, {}, { cause: error })
}
