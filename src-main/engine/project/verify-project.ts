import { MessageChannel, Worker } from 'node:worker_threads'
import { IzeError } from '../ize-error.ts'
import type { EarlierRoot } from '../store/verify/check-refs.ts'
import type { Progress } from '../store/verify/check.ts'
import type { Verified } from '../store/verify/verify-history.ts'
import { bundleFile } from '../sys/bundle.ts'
import type { ProjectSession } from './session.ts'
import type { ChannelAnswer, ChannelQuestion, VerifyMessage, VerifyWorkerData } from './verify-worker.ts'

export interface VerifyProjectOptions {
  /** `projects/{uuid}` */
  readonly root: string
  readonly uuid: string
  /** Whoever has the project open; null: nobody, and nobody will meanwhile. */
  readonly session: Pick<ProjectSession, 'log'> | null
  readonly since: number
  readonly roots: readonly EarlierRoot[]
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
}

/** Checks a project's history in a thread of its own. Errors: as of `verifyHistory`, EPIJUL_OPEN. */
export async function verifyProject(options: VerifyProjectOptions): Promise<Verified> {
  const { root, uuid, session, since, roots, signal, progress } = options
  const cancel = new Int32Array(new SharedArrayBuffer(4))
  const abort = (): void => void Atomics.store(cancel, 0, 1)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  const { port1, port2 } = new MessageChannel()
  const channel = session ? port2 : null
  if (session)
    port1.on(
      'message',
      (question: ChannelQuestion) => void answer(session, question).then((is) => port1.postMessage(is)),
    )
  const workerData: VerifyWorkerData = { root, project: uuid, since, roots, cancel, channel }
  const transferList = channel ? [channel] : []
  const worker = new Worker(bundleFile('verify-worker'), { workerData, transferList, name: 'verify' })
  try {
    return await new Promise<Verified>((done, failed) => {
      worker.on('message', (message: VerifyMessage) => {
        if (message.type === 'progress') progress(message.progress)
        else if (message.type === 'done') done(message.verified)
        else failed(new IzeError(message.code, message.message, message.data))
      })
      worker.on('error', failed)
      worker.on('exit', () => failed(new Error('The check ended without a word.')))
    })
  } finally {
    signal.removeEventListener('abort', abort)
    port1.close()
    await worker.terminate()
  }
}

async function answer(
  session: Pick<ProjectSession, 'log'>,
  { id, from, limit }: ChannelQuestion,
): Promise<ChannelAnswer> {
  try {
    return { id, entries: await session.log(from, limit) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { id, error: { code: error instanceof IzeError ? error.code : 'E_INTERNAL', message } }
  }
}
