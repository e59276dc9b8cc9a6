import type { DiffAnswers, DiffQuestion, DiffReply } from './messages.ts'

type Asked = DiffQuestion extends infer Q ? (Q extends DiffQuestion ? Omit<Q, 'id'> : never) : never
type AnswerTo<Q extends Asked> = Q extends { readonly kind: infer K extends keyof DiffAnswers } ? DiffAnswers[K] : never

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** Starting a thread takes longer than most differences: one is kept ready. */
let spare: DiffThread | null = null
/** After one was taken the next is started, when what is shown has been drawn. */
const SPARE_AFTER_MS = 1500

/** Starts a thread for the first difference, once nothing else is to be done. */
export function prepareDiffThread(): void {
  requestIdleCallback(() => (spare ??= new DiffThread()), { timeout: SPARE_AFTER_MS })
}

/** The thread beside the window that keeps one difference. Ended, it answers no more: what waits is let go of. */
export class DiffThread {
  /** One that is ready, if there is one. */
  static take(): DiffThread {
    const thread = spare ?? new DiffThread()
    spare = null
    setTimeout(prepareDiffThread, SPARE_AFTER_MS)
    return thread
  }

  private readonly worker = new Worker('diff-worker.js')
  private readonly waiting = new Map<number, Waiting>()
  private questions = 0

  constructor() {
    this.worker.onmessage = ({ data }: MessageEvent<DiffReply>) => {
      const waiting = this.waiting.get(data.id)
      this.waiting.delete(data.id)
      if (data.ok) waiting?.resolve(data.value)
      else waiting?.reject(new Error(data.message))
    }
    this.worker.onerror = ({ message }) => {
      for (const { reject } of this.waiting.values()) reject(new Error(message))
      this.waiting.clear()
    }
  }

  ask<Q extends Asked>(question: Q, transfer: Transferable[] = []): Promise<AnswerTo<Q>> {
    const id = ++this.questions
    return new Promise<unknown>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject })
      this.worker.postMessage({ ...question, id }, transfer)
    }) as Promise<AnswerTo<Q>>
  }

  end(): void {
    this.worker.terminate()
    this.waiting.clear()
  }
}
