import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { IzeError } from '../ize-error.ts'
import { projectLayout } from '../project/layout.ts'
import type { RestoreStep } from '../project/session.ts'
import { bundleFile } from '../sys/bundle.ts'
import { restoreReport, type RestoreHead, type RestoreReport } from './restore-messages.ts'

export interface RestoreRun {
  readonly mountPoint: string
  readonly root: string
  readonly steps: readonly RestoreStep[]
  /** gitignore patterns of what has no history. */
  readonly unversioned: readonly string[]
  readonly signal: AbortSignal
  readonly progress: (done: number) => void
}

/**
 * Runs the restore process to its end. Errors: E_RESTORE with how far it came; E_CANCELLED. In both cases every path is
 * either as before or as restored, and what was done is in history, so it can be restored back.
 */
export async function runRestoreProcess({
  mountPoint,
  root,
  steps,
  unversioned,
  signal,
  progress,
}: RestoreRun): Promise<void> {
  // Not in the mount, or it could not be unmounted while this runs.
  const child = spawn(process.execPath, [bundleFile('restore-process')], {
    cwd: '/',
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const stop = (): void => void child.kill('SIGTERM')
  signal.addEventListener('abort', stop)
  const ended = once(child, 'close')
  const head: RestoreHead = { mountPoint, objects: projectLayout(root).objects, unversioned: [...unversioned] }
  // It may end before it has read everything; its exit says why.
  const fed = pipeline(Readable.from(lines(head, steps)), child.stdin).catch(() => undefined)
  let last: RestoreReport = { type: 'done', done: 0 }
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      last = restoreReport.parse(JSON.parse(line))
      progress(last.done)
    }
    await fed
    const [code, killed] = (await ended) as [number | null, string | null]
    if (last.type === 'failed')
      throw new IzeError(last.code, `${last.message} ${progressSentence(last.done, steps.length)}`)
    if (signal.aborted && code !== 0)
      throw new IzeError('E_CANCELLED', `The restore was cancelled. ${progressSentence(last.done, steps.length)}`)
    if (code !== 0) throw new Error(`The restore process ended with ${killed ?? `exit code ${String(code)}`}.`)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function progressSentence(done: number, total: number): string {
  return `${done} of ${total} steps were done; they are in history and can be restored back.`
}

function* lines(head: RestoreHead, steps: readonly RestoreStep[]): Generator<string> {
  yield `${JSON.stringify(head)}\n`
  for (const step of steps) yield `${JSON.stringify(step)}\n`
}
