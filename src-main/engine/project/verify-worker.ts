import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { IzeError } from '../ize-error.ts'
import type { EarlierRoot } from '../store/verify/check-refs.ts'
import type { Progress } from '../store/verify/check.ts'
import { verifyHistory, type Verified } from '../store/verify/verify-history.ts'
import { projectLayout } from './layout.ts'
import { throttled } from './throttled.ts'
import { VerifyChannel } from './verify-channel.ts'

/** The thread of `ize verify`. `cancel` is shared: its first word becomes 1 when it is to end. */
export interface VerifyWorkerData {
  readonly root: string
  readonly project: string
  readonly since: number
  readonly roots: readonly EarlierRoot[]
  readonly cancel: Int32Array
  /** To whoever opens the repository, or has it open. */
  readonly port: MessagePort
  /** Nobody has it open. */
  readonly owned: boolean
}

export type VerifyMessage =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'done'; readonly verified: Verified }
  | {
      readonly type: 'failed'
      readonly code: string
      readonly message: string
      readonly data: Readonly<Record<string, unknown>>
    }

const { root, cancel, port, owned, ...what } = workerData as VerifyWorkerData

function send(message: VerifyMessage): void {
  parentPort?.postMessage(message)
}

async function main(): Promise<void> {
  const layout = projectLayout(root)
  const channel = new VerifyChannel(port, layout, owned)
  try {
    const progress = throttled((step: Progress) => send({ type: 'progress', progress: step }))
    const options = { progress, cancelled: () => Atomics.load(cancel, 0) !== 0, objects: true }
    send({
      type: 'done',
      verified: await verifyHistory({ ...what, ...options, live: () => channel.live, channel, layout }),
    })
  } finally {
    await channel.close()
  }
}

main().catch((error: unknown) => {
  if (!(error instanceof IzeError)) throw error
  send({ type: 'failed', ...error.toJSON() })
})
