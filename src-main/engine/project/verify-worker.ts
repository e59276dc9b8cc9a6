import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { IzeError } from '../ize-error.ts'
import { Channel, type ChannelLog } from '../retention/channel.ts'
import type { EarlierRoot } from '../store/verify/check-refs.ts'
import type { Progress } from '../store/verify/check.ts'
import { verifyHistory, type Verified } from '../store/verify/verify-history.ts'
import { projectLayout } from './layout.ts'
import { throttled } from './throttled.ts'
import type { ChannelEntry, SentError } from './worker-messages.ts'

/** The thread of `ize verify`. `cancel` is shared: its first word becomes 1 when it is to end. */
export interface VerifyWorkerData {
  readonly root: string
  readonly project: string
  readonly since: number
  readonly roots: readonly EarlierRoot[]
  readonly cancel: Int32Array
  /** Answers `ChannelQuestion`s; null: nobody has the repository open. */
  readonly channel: MessagePort | null
}

export interface ChannelQuestion {
  readonly id: number
  readonly from: number | 'newest'
  readonly limit: number
}

export type ChannelAnswer =
  | { readonly id: number; readonly entries: readonly ChannelEntry[] }
  | { readonly id: number; readonly error: SentError }

export type VerifyMessage =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'done'; readonly verified: Verified }
  | {
      readonly type: 'failed'
      readonly code: string
      readonly message: string
      readonly data: Readonly<Record<string, unknown>>
    }

const { root, cancel, channel: port, ...what } = workerData as VerifyWorkerData

function send(message: VerifyMessage): void {
  parentPort?.postMessage(message)
}

const progress = throttled((step: Progress) => send({ type: 'progress', progress: step }))

/** The repository as its owner in another thread reads it. */
function askedOf(owner: MessagePort): ChannelLog {
  let serial = 0
  const ask = (from: number | 'newest', limit: number): ReturnType<ChannelLog['log']> =>
    new Promise((resolve, reject) => {
      const id = ++serial
      const hear = (answer: ChannelAnswer): void => {
        if (answer.id !== id) return
        owner.off('message', hear)
        if ('error' in answer) reject(new IzeError(answer.error.code, answer.error.message))
        // A port makes other arrays of buffers; a check has no use for message and time.
        else
          resolve(
            answer.entries.map((entry) => ({
              ...entry,
              metadata: Buffer.from(entry.metadata),
              message: '',
              timeMs: 0,
            })),
          )
      }
      owner.on('message', hear)
      owner.postMessage({ id, from, limit } satisfies ChannelQuestion)
    })
  return { log: ask, head: async () => (await ask('newest', 1))[0] ?? null }
}

async function verify(channel: ChannelLog): Promise<void> {
  const options = { progress, cancelled: () => Atomics.load(cancel, 0) !== 0 }
  const live = port !== null
  const objects = true
  const verified = await verifyHistory({ ...what, ...options, live, objects, channel, layout: projectLayout(root) })
  send({ type: 'done', verified })
}

async function main(): Promise<void> {
  if (port) return verify(askedOf(port)).finally(() => port.close())
  const channel = await Channel.open(projectLayout(root))
  await verify(channel).finally(() => channel.close())
}

main().catch((error: unknown) => {
  if (!(error instanceof IzeError)) throw error
  send({ type: 'failed', ...error.toJSON() })
})
