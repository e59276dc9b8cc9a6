import { parentPort, workerData } from 'node:worker_threads'
import { IzeError } from '../ize-error.ts'
import type { WorkData, WorkMessage } from './thread-work.ts'

/** The thread's side of `inThread`: does the work and says what came of it. */
export function answerWork<Request, Progress, Result>(
  work: (
    request: Request,
    progress: (progress: Progress) => void,
    cancelled: () => boolean,
  ) => Result | Promise<Result>,
): void {
  const { request, cancel } = workerData as WorkData<Request>
  const send = (message: WorkMessage<Progress, Result>): void => parentPort?.postMessage(message)
  const run = async (): Promise<void> => {
    const result = await work(
      request,
      (progress) => send({ type: 'progress', progress }),
      () => Atomics.load(cancel, 0) !== 0,
    )
    send({ type: 'done', result })
  }
  run().catch((error: unknown) => {
    if (!(error instanceof IzeError)) throw error
    send({ type: 'failed', ...error.toJSON() })
  })
}
