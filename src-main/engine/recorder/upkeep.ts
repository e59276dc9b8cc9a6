import { assertNever } from '../assert-never.ts'
import type { MainToRecorder, RecorderToMain, SentError } from '../project/worker-messages.ts'
import type { HistoryWriter } from './history-writer.ts'

export type UpkeepWish = Extract<MainToRecorder, { readonly type: 'collect' | 'fold' }>

/** What is asked of the recorder beside recording: begun between two batches, one wish at a time. */
export class Upkeep {
  private readonly wishes: UpkeepWish[] = []
  /** Batches go on beside it. */
  private collecting = false

  constructor(
    private readonly history: HistoryWriter,
    private readonly say: (message: RecorderToMain) => void,
    private readonly wake: () => void,
    private readonly toSent: (error: unknown) => SentError,
  ) {}

  ask(wish: UpkeepWish): void {
    this.wishes.push(wish)
  }

  /** Between two batches; what no batch may run beside is over when it is settled. */
  async turn(): Promise<void> {
    const [wish] = this.wishes
    if (!wish || (wish.type === 'collect' && this.collecting)) return
    this.wishes.shift()
    switch (wish.type) {
      case 'collect':
        return this.collect(wish.id)
      case 'fold':
        return this.fold(wish.id)
      default:
        assertNever(wish, 'wish')
    }
  }

  private collect(id: number): void {
    this.collecting = true
    const done = this.history.collect().then(
      (result) => this.say({ type: 'collected', id, result, error: null }),
      (error: unknown) => this.say({ type: 'collected', id, result: null, error: this.toSent(error) }),
    )
    void done.finally(() => {
      this.collecting = false
      this.wake()
    })
  }

  private async fold(id: number): Promise<void> {
    try {
      this.say({ type: 'folded', id, result: await this.history.fold(), error: null })
    } catch (error) {
      this.say({ type: 'folded', id, result: null, error: this.toSent(error) })
    }
  }
}
