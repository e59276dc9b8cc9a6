import { assertNever } from '../assert-never.ts'
import type { MainToRecorder, RecorderToMain, SentError } from '../project/worker-messages.ts'
import type { ForgetStep } from '../retention/forgetting.ts'
import type { HistoryWriter } from './history-writer.ts'
import { type LogRelease, releaseLog } from './release-log.ts'

export type UpkeepWish = Extract<MainToRecorder, { readonly type: 'fold' | 'forget' }>

/** What is asked of the recorder beside recording: begun between two batches, one wish at a time. */
export class Upkeep {
  private readonly wishes: UpkeepWish[] = []

  constructor(
    private readonly history: HistoryWriter,
    private readonly say: (message: RecorderToMain) => void,
    /** Whether a collection goes on beside the batches. */
    private readonly collecting: () => boolean,
    private readonly toSent: (error: unknown) => SentError,
    private readonly log: LogRelease,
  ) {}

  ask(wish: UpkeepWish): void {
    this.wishes.push(wish)
  }

  /** Between two batches; what no batch may run beside is over when it is settled. */
  async turn(): Promise<void> {
    const [wish] = this.wishes
    // Two collections exclude each other, and forgetting is one.
    if (!wish || (wish.type !== 'fold' && this.collecting())) return
    this.wishes.shift()
    switch (wish.type) {
      case 'fold':
        return this.fold(wish.id)
      case 'forget':
        return this.forget(wish)
      default:
        assertNever(wish, 'wish')
    }
  }

  private async forget({ id, objects }: Extract<UpkeepWish, { readonly type: 'forget' }>): Promise<void> {
    const step = (step: ForgetStep): void => this.say({ type: 'forgetting', id, step })
    try {
      step('log')
      await releaseLog(this.log)
      await this.history.forget(objects, step)
      this.say({ type: 'forgotten', id, error: null })
    } catch (error) {
      this.say({ type: 'forgotten', id, error: this.toSent(error) })
    }
  }

  private async fold(id: number): Promise<void> {
    try {
      this.say({ type: 'folded', id, result: await this.history.fold(), error: null })
    } catch (error) {
      this.say({ type: 'folded', id, result: null, error: this.toSent(error) })
    }
  }
}
