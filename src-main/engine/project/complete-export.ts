import { Worker } from 'node:worker_threads'
import { IzeError } from '../ize-error.ts'
import { bundleFile } from '../sys/bundle.ts'
import type { UnversionedCounts } from './export-unversioned.ts'
import type { ExportMessage, ExportWorkerData } from './export-worker.ts'
import { projectLayout } from './layout.ts'

export interface CompleteExportOptions {
  /** `projects/{uuid}`; everything that was done in it is applied to working/ (a flush before). */
  readonly root: string
  /** An export of the whole project as it is now, not under a mount of Ize. */
  readonly folder: string
  /** `ignore` of the settings in force. */
  readonly patterns: readonly string[]
  readonly signal: AbortSignal
  readonly progress: (counts: UnversionedCounts) => void
}

/**
 * Adds to an export what is not versioned. Returns what it added. When it fails or is cancelled, the folder is emptied.
 * Errors: E_SPACE, E_EXPORT, E_CANCELLED.
 */
export async function completeExport({
  root,
  folder,
  patterns,
  signal,
  progress,
}: CompleteExportOptions): Promise<UnversionedCounts> {
  const cancel = new Int32Array(new SharedArrayBuffer(4))
  const abort = () => void Atomics.store(cancel, 0, 1)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  const workerData: ExportWorkerData = { working: projectLayout(root).working, folder, patterns, cancel }
  const worker = new Worker(bundleFile('export-worker'), { workerData, name: 'export' })
  try {
    return await new Promise<UnversionedCounts>((done, failed) => {
      worker.on('message', (message: ExportMessage) => {
        if (message.type === 'progress') progress(message.counts)
        else if (message.type === 'done') done(message.counts)
        else failed(new IzeError(message.code, message.message, message.data))
      })
      worker.on('error', failed)
      worker.on('exit', () => failed(new Error('The export ended without a word.')))
    })
  } finally {
    signal.removeEventListener('abort', abort)
    await worker.terminate()
  }
}
