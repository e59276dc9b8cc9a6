import { Worker } from 'node:worker_threads'
import { assertNever } from '../assert-never.ts'
import { IzeError } from '../ize-error.ts'
import { bundleFile } from '../sys/bundle.ts'
import { type Indexed, TextIndexer } from './text-indexer.ts'
import {
  type ExportProgress,
  fromHistory,
  type HistoryAnswers,
  type HistoryCall,
  type ToHistory,
} from './history-calls.ts'

/** None yet, one of another version of Ize, or no database at all. */
const UNREADABLE: ReadonlySet<string> = new Set(['E_INDEX_MISSING', 'E_INDEX_VERSION', 'E_INDEX_DAMAGED'])

type CallOf<M extends HistoryCall['method']> = Extract<HistoryCall, { method: M }>

export interface CallOptions {
  readonly signal?: AbortSignal
  readonly progress?: (done: ExportProgress) => void
}

interface Waiting {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: Error) => void
  readonly progress: (done: ExportProgress) => void
}

/**
 * The main thread's end of the history thread, which is started with the first question and again after it died. A
 * second such thread does exports and plans of prunes, and a third one everything about texts, so that questions do not wait for them.
 */
export class HistoryClient {
  private readonly queries = new HistoryThread()
  private readonly exports = new HistoryThread()
  private readonly texts = new HistoryThread()
  private readonly indexer = new TextIndexer((root, limit, signal) =>
    this.ask(root, { method: 'indexText', limit }, { signal }),
  )
  private mend: ((root: string) => Promise<void>) | null = null

  /** What makes a project's index anew; asked once for a question that found none it could read. */
  mendWith(mend: (root: string) => Promise<void>): void {
    this.mend = mend
  }

  /** Asks about the project whose directory is `root`. Errors: as the question has; E_CANCELLED. */
  async ask<M extends HistoryCall['method']>(
    root: string,
    call: CallOf<M>,
    options: CallOptions = {},
  ): Promise<HistoryAnswers[M]> {
    const thread = this.threadFor(call.method)
    const answer = (): Promise<HistoryAnswers[M]> => thread.ask(root, call, options) as Promise<HistoryAnswers[M]>
    try {
      return await answer()
    } catch (error) {
      if (!this.mend || !(error instanceof IzeError) || !UNREADABLE.has(error.code)) throw error
      await this.mend(root)
      return answer()
    }
  }

  /**
   * Makes the texts of all versions searchable that are recorded by now, in the background; resolves when they are.
   * `limit`: bytes that search.db may have; 0: there is to be none.
   */
  indexText(root: string, limit: number): Promise<Indexed> {
    return this.indexer.bring(root, limit)
  }

  /** Closes what is open of a project, which is about to be removed or rebuilt. */
  async forget(root: string): Promise<void> {
    await this.indexer.stop(root)
    this.refresh(root)
  }

  /** Has what is open of a project opened anew with the next question. */
  refresh(root: string): void {
    for (const thread of this.threads) thread.forget(root)
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.close()))
  }

  private get threads(): readonly HistoryThread[] {
    return [this.queries, this.exports, this.texts]
  }

  private threadFor(method: HistoryCall['method']): HistoryThread {
    if (method === 'export' || method === 'planPrune') return this.exports
    return method === 'findText' || method === 'indexText' || method === 'textLag' ? this.texts : this.queries
  }
}

class HistoryThread {
  private worker: Worker | null = null
  private readonly waiting = new Map<number, Waiting>()
  private nextId = 1

  async ask(root: string, call: HistoryCall, { signal, progress }: CallOptions): Promise<unknown> {
    if (signal?.aborted) throw cancelled()
    const worker = (this.worker ??= this.start())
    const id = this.nextId++
    const cancel = (): void => worker.postMessage({ type: 'cancel', id } satisfies ToHistory)
    signal?.addEventListener('abort', cancel)
    try {
      return await new Promise((resolve, reject) => {
        this.waiting.set(id, { resolve, reject, progress: progress ?? (() => undefined) })
        // An idle thread does not keep the process alive, a question does.
        worker.ref()
        worker.postMessage({ type: 'call', id, root, call } satisfies ToHistory)
      })
    } finally {
      signal?.removeEventListener('abort', cancel)
      this.waiting.delete(id)
      if (this.waiting.size === 0) worker.unref()
    }
  }

  forget(root: string): void {
    this.worker?.postMessage({ type: 'forget', root } satisfies ToHistory)
  }

  async close(): Promise<void> {
    await this.worker?.terminate()
  }

  private start(): Worker {
    const worker = new Worker(bundleFile('history-worker'))
    let problem: Error | null = null
    worker.on('message', (message: unknown) => this.take(message))
    worker.on('error', (error: Error) => (problem = error))
    worker.on('exit', () => {
      if (this.worker === worker) this.worker = null
      const message = `The history thread ended${problem ? `: ${problem.message}` : ''}.`
      for (const { reject } of this.waiting.values()) reject(new Error(message, { cause: problem }))
    })
    return worker
  }

  private take(raw: unknown): void {
    const message = fromHistory.parse(raw)
    const waiting = this.waiting.get(message.id)
    switch (message.type) {
      case 'answer':
        waiting?.resolve(message.answer)
        return
      case 'progress':
        waiting?.progress(message)
        return
      case 'failure': {
        const { code, data } = message
        waiting?.reject(code === null ? new Error(message.message) : new IzeError(code, message.message, data))
        return
      }
      default:
        assertNever(message, 'message of the history thread')
    }
  }
}

function cancelled(): IzeError {
  return new IzeError('E_CANCELLED', 'It was cancelled.')
}
