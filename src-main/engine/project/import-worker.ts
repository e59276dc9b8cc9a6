import { parentPort, workerData } from 'node:worker_threads'
import { IzeError } from '../ize-error.ts'
import { importProject } from './import-project.ts'
import type { ImportMessage, ImportRequest } from './import-types.ts'

/** The thread of one import. `cancel` is shared: its first word becomes 1 when the import is to end. */
export interface ImportWorkerData {
  readonly request: ImportRequest
  readonly cancel: Int32Array
}

const { request, cancel } = workerData as ImportWorkerData

function send(message: ImportMessage): void {
  parentPort?.postMessage(message)
}

async function run(): Promise<void> {
  const report = await importProject(
    request,
    (progress) => send({ type: 'progress', progress }),
    () => Atomics.load(cancel, 0) !== 0,
  )
  send({ type: 'done', report })
}

run().catch((error: unknown) => {
  if (!(error instanceof IzeError)) throw error
  send({ type: 'failed', ...error.toJSON() })
})
