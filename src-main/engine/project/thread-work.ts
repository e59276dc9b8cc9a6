import { Worker } from 'node:worker_threads'
import { IzeError } from '../ize-error.ts'
import { bundleFile } from '../sys/bundle.ts'

/** What a thread that does one piece of work is told. `cancel` is shared: its first word becomes 1 when it is to end. */
export interface WorkData<Request> {
  readonly request: Request
  readonly cancel: Int32Array
}

export type WorkMessage<Progress, Result> =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'done'; readonly result: Result }
  | {
      readonly type: 'failed'
      readonly code: string
      readonly message: string
      readonly data: Readonly<Record<string, unknown>>
    }

export interface WorkOptions<Progress> {
  readonly signal?: AbortSignal | undefined
  readonly progress?: ((progress: Progress) => void) | undefined
}

/** Does one piece of work in a thread of its own. It has closed what it opened when this returns. */
export async function inThread<Request, Progress, Result>(
  name: string,
  request: Request,
  { signal, progress }: WorkOptions<Progress>,
): Promise<Result> {
  const workerData: WorkData<Request> = { request, cancel: new Int32Array(new SharedArrayBuffer(4)) }
  const cancel = (): void => void Atomics.store(workerData.cancel, 0, 1)
  if (signal?.aborted) cancel()
  const worker = new Worker(bundleFile(name), { workerData, name })
  signal?.addEventListener('abort', cancel)
  try {
    return await new Promise<Result>((done, failed) => {
      worker.on('message', (message: WorkMessage<Progress, Result>) => {
        if (message.type === 'progress') progress?.(message.progress)
        else if (message.type === 'done') done(message.result)
        else failed(new IzeError(message.code, message.message, message.data))
      })
      worker.on('error', failed)
      worker.on('exit', () => failed(new Error(`The thread ${name} ended without a word.`)))
    })
  } finally {
    signal?.removeEventListener('abort', cancel)
    await worker.terminate()
  }
}
