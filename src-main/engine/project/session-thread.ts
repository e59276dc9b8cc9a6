import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import { bundleFile } from '../sys/bundle.ts'
import { IzeError } from '../ize-error.ts'
import type { SentError } from './worker-messages.ts'

/** A thread of a session with the main thread's end of its port. */
export interface SessionThread<In, Out> {
  send(message: In, transfer?: readonly MessagePort[]): void
  /** Returns what ends it. */
  on(listener: (message: Out) => void): () => void
  /** Resolves when the thread has ended, whatever ended it. */
  readonly ended: Promise<Error | null>
  kill(): Promise<void>
}

export function startThread<In, Out extends { readonly type: string }, Data extends { readonly toMain: MessagePort }>(
  name: string,
  data: Omit<Data, 'toMain'>,
  transfer: readonly MessagePort[],
): SessionThread<In, Out> {
  const { port1, port2 } = new MessageChannel()
  const worker = new Worker(bundleFile(name), {
    workerData: { ...data, toMain: port2 },
    transferList: [port2, ...transfer],
    // Old space grows with what programs have open; the young one with requests, and is cheap to sweep when small.
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
  })
  const listeners = new Set<(message: Out) => void>()
  port1.on('message', (message: Out) => {
    for (const listener of [...listeners]) listener(message)
  })
  let failure: Error | null = null
  worker.on('error', (error: Error) => (failure = error))
  const ended = new Promise<Error | null>((resolve) => worker.on('exit', () => (port1.close(), resolve(failure))))
  return {
    send: (message, transfer = []) => port1.postMessage(message, [...transfer]),
    on: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ended,
    kill: async () => void (await worker.terminate()),
  }
}

/** The first message that `pick` accepts; rejects with what a `failed` message says, or when the thread ends. */
export function firstOf<Out extends { readonly type: string }, T>(
  thread: SessionThread<never, Out>,
  pick: (message: Out) => T | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = thread.on((message) => {
      const picked = pick(message)
      if (picked !== undefined) resolve(picked)
      else if (message.type === 'failed') reject(received((message as unknown as { error: SentError }).error))
      else return
      end()
    })
    void thread.ended.then((error) =>
      reject(error ?? new IzeError('E_INTERNAL', 'A thread of the project ended early.')),
    )
  })
}

export function received({ code, message }: SentError): IzeError {
  return new IzeError(code, message)
}
