import { constants } from 'node:fs'
import { createInterface } from 'node:readline'
import { RESTORE_TITLE } from '../history/own-programs.ts'
import { IzeError } from '../ize-error.ts'
import { ObjectStore } from '../store/object-store.ts'
import { SideBySide } from '../sys/side-by-side.ts'
import * as native from '../sys/native.ts'
import { MountRestorer } from './mount-restorer.ts'
import { restoreHead, restoreStep, type RestoreReport } from './restore-messages.ts'

/**
 * A process that puts versions back through the mount, as an ordinary client of it. Its name is what the history says
 * did it.
 */
process.title = RESTORE_TITLE
const REPORT_EVERY_MS = 100
/** Files whose contents are read and written at the same time. */
const WIDTH = 8

let cancelled = false
process.on('SIGTERM', () => (cancelled = true))

let done = 0
run().catch((error: unknown) => {
  const { code, message } = error instanceof IzeError ? error : { code: 'E_INTERNAL', message: String(error) }
  say({ type: 'failed', done, code, message })
  process.exitCode = 1
})

async function run(): Promise<void> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
  const first = await lines.next()
  const head = restoreHead.parse(JSON.parse(String(first.value)))
  const restorer = new MountRestorer(openDirectory(head.mountPoint), ObjectStore.open(head.objects), head.unversioned)
  const steps = new SideBySide(WIDTH)
  let told = performance.now()
  const tell = (): void => {
    done++
    if (performance.now() - told < REPORT_EVERY_MS) return
    told = performance.now()
    say({ type: 'done', done })
  }
  try {
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      // No step is left half done: each path is as before or as restored.
      if (cancelled) throw new IzeError('E_CANCELLED', 'The restore was cancelled.')
      const step = restoreStep.parse(JSON.parse(line.value))
      // What goes may be in the way of what comes.
      if (step.kind === 'remove') await steps.settle()
      await steps.begin(() => restorer.step(step).then(tell))
    }
  } finally {
    await steps.settle()
  }
  restorer.finish()
  say({ type: 'done', done })
}

function openDirectory(path: string): number {
  const fd = native.openAt(
    native.AT_FDCWD,
    Buffer.from(path).toString('latin1'),
    constants.O_RDONLY | constants.O_DIRECTORY,
    0,
  )
  if (fd < 0) throw new IzeError('E_RESTORE', `${path} cannot be opened (error ${-fd}).`)
  return fd
}

function say(report: RestoreReport): void {
  process.stdout.write(`${JSON.stringify(report)}\n`)
}
