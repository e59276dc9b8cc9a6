import { parentPort, workerData } from 'node:worker_threads'
import { IzeError } from '../ize-error.ts'
import { exportUnversioned, type UnversionedCounts } from './export-unversioned.ts'
import { throttled } from './throttled.ts'

/** The thread that completes an export. `cancel` is shared: its first word becomes 1 when it is to end. */
export interface ExportWorkerData {
  readonly working: string
  readonly folder: string
  readonly patterns: readonly string[]
  readonly cancel: Int32Array
}

export type ExportMessage =
  | { readonly type: 'progress'; readonly counts: UnversionedCounts }
  | { readonly type: 'done'; readonly counts: UnversionedCounts }
  | {
      readonly type: 'failed'
      readonly code: string
      readonly message: string
      readonly data: Readonly<Record<string, unknown>>
    }

const { cancel, ...what } = workerData as ExportWorkerData

function send(message: ExportMessage): void {
  parentPort?.postMessage(message)
}

const progress = throttled((counts: UnversionedCounts) => send({ type: 'progress', counts }))

try {
  const counts = exportUnversioned({ ...what, cancelled: () => Atomics.load(cancel, 0) !== 0, progress })
  send({ type: 'done', counts })
} catch (error) {
  if (!(error instanceof IzeError)) throw error
  send({ type: 'failed', ...error.toJSON() })
}
