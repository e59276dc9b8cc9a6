import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { IzeError } from '../../src-preload/ize-error.ts'

/** The log is begun anew past this size; the one before it is kept. */
const LOG_BYTES = 4 * 1024 * 1024
/** Exit code of an engine that found another one running. */
export const ALREADY_RUNNING = 75

export interface StartedEngine {
  readonly log: string
  /** Resolves when the process ended, with why it could not start, or null when another engine runs or ended it. */
  readonly failed: Promise<IzeError | null>
}

/** Directory of the bundles: that of this one, or out/ of the checkout when run from its sources. */
export function bundleDirectory(): string {
  const here = fileURLToPath(import.meta.url)
  return here.endsWith('.ts') ? join(dirname(here), '../../out') : dirname(here)
}

export function engineLog(centralDirectory: string): string {
  return join(centralDirectory, 'engine.log')
}

/** Starts the engine as a process of its own that outlives this one; its standard error goes to the log. */
export function startEngine(centralDirectory: string): StartedEngine {
  mkdirSync(centralDirectory, { recursive: true, mode: 0o700 })
  const log = engineLog(centralDirectory)
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) renameSync(log, `${log}.1`)
  const fd = openSync(log, 'a', 0o600)
  const offset = statSync(log).size
  const child = spawn(process.execPath, [join(bundleDirectory(), 'engine.cjs')], {
    detached: true,
    cwd: '/',
    stdio: ['ignore', 'ignore', fd],
    // Electron's own binary runs as Node.
    env: {
      ...process.env,
      IZE_CENTRAL_DIR: centralDirectory,
      ...('electron' in process.versions ? { ELECTRON_RUN_AS_NODE: '1' } : {}),
    },
  })
  closeSync(fd)
  child.unref()
  const failed = new Promise<IzeError | null>((resolve) => {
    child.once('error', (error) =>
      resolve(new IzeError('E_ENGINE_SILENT', `The engine cannot be started: ${error.message}.`, {}, { cause: error })),
    )
    child.once('exit', (code, signal) => {
      // Told to stop by someone else before we came to it: that is no failure either.
      if (code === ALREADY_RUNNING || code === 0) resolve(null)
      else resolve(whyItEnded(log, offset, signal ?? `exit code ${String(code)}`))
    })
  })
  return { log, failed }
}

const lastWords = z.object({ code: z.string(), message: z.string(), data: z.record(z.string(), z.unknown()) })

function whyItEnded(log: string, offset: number, how: string): IzeError {
  const said = readFileSync(log)
    .subarray(offset)
    .toString()
    .split('\n')
    .findLast((line) => line.startsWith('ize-engine: '))
  if (said) {
    const { code, message, data } = lastWords.parse(JSON.parse(said.slice('ize-engine: '.length)))
    return new IzeError(code, message, data)
  }
  return new IzeError('E_ENGINE_SILENT', `The engine ended as soon as it was started (${how}); ${log} says more.`, {
    log,
  })
}
