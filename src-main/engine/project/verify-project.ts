import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { IzeError } from '../ize-error.ts'
import type { EarlierRoot } from '../store/verify/check-refs.ts'
import type { Progress } from '../store/verify/check.ts'
import type { Verified } from '../store/verify/verify-history.ts'
import { bundleFile } from '../sys/bundle.ts'
import type { ProjectSession } from './session.ts'
import type { ChannelAnswer, FromVerify, ToVerify } from './verify-channel.ts'
import type { VerifyMessage, VerifyWorkerData } from './verify-worker.ts'

type Reads = Pick<ProjectSession, 'log'>

/** Who has the repository: whoever has the project open, or the check itself as long as nobody opens the project. */
export interface RepositoryLease {
  /** Null: nobody has it open. */
  readonly session: Reads | null
  onLetGo(release: () => Promise<void>): void
  /** Asked for once the check has let go: the session to go on with. */
  readonly opened: Promise<Reads>
}

export interface VerifyProjectOptions {
  /** `projects/{uuid}` */
  readonly root: string
  readonly uuid: string
  readonly lease: RepositoryLease
  readonly since: number
  readonly roots: readonly EarlierRoot[]
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
}

/** Checks a project's history in a thread of its own. Errors: as of `verifyHistory`, EPIJUL_OPEN. */
export async function verifyProject(options: VerifyProjectOptions): Promise<Verified> {
  const { root, uuid, lease, since, roots, signal, progress } = options
  const cancel = new Int32Array(new SharedArrayBuffer(4))
  const abort = (): void => void Atomics.store(cancel, 0, 1)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  const { port1: ours, port2: port } = new MessageChannel()
  const owned = lease.session === null
  const workerData: VerifyWorkerData = { root, project: uuid, since, roots, cancel, port, owned }
  const worker = new Worker(bundleFile('verify-worker'), { workerData, transferList: [port], name: 'verify' })
  const ended = new Promise<void>((done) => worker.once('exit', () => done()))
  const freed = answerQuestions(ours, () => lease.opened)
  lease.onLetGo(async () => {
    ours.postMessage({ type: 'let-go' } satisfies ToVerify)
    await Promise.race([freed, ended])
  })
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
    await worker.terminate()
    ours.close()
  }
}

/** Resolves when the thread has let go of the repository. */
function answerQuestions(port: MessagePort, session: () => Promise<Reads>): Promise<void> {
  return new Promise((freed) => {
    port.on('message', (message: FromVerify) => {
      if (message.type === 'freed') return freed()
      void answer(session, message).then((is) => port.postMessage(is satisfies ToVerify))
    })
  })
}

async function answer(
  session: () => Promise<Reads>,
  { id, from, limit }: Extract<FromVerify, { type: 'question' }>,
): Promise<ChannelAnswer> {
  try {
    return { type: 'answer', id, entries: await (await session()).log(from, limit) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { type: 'answer', id, error: { code: error instanceof IzeError ? error.code : 'E_INTERNAL', message } }
  }
}
