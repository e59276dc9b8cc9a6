import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { IzeError } from '../../src-preload/ize-error.ts'
import { nodeProgram } from './node-program.ts'

/** The log is begun anew past this size; the one before it is kept. */
const LOG_BYTES = 4 * 1024 * 1024
/** Exit code of an engine that found another one running. */
export const ALREADY_RUNNING = 75

export interface StartedEngine {
  readonly log: string
  /** Resolves when the process ended, with why it could not start, or null when another engine runs or ended it. */
  readonly failed: Promise<IzeError | null>
}

/**
 * Directory of the bundles: that of this one, or out/ of the checkout when run from its sources. The packaged app reads
 * its own bundle from an archive; what plain Node is to run lies beside the archive.
 */
export function bundleDirectory(here: string = fileURLToPath(import.meta.url)): string {
  if (here.endsWith('.ts')) return join(dirname(here), '../../out')
  return dirname(here).replace(/\/app\.asar(?=\/)/, '/app.asar.unpacked')
}

export function engineLog(centralDirectory: string): string {
  return join(centralDirectory, 'engine.log')
}

/**
 * Starts the engine as a process of its own that outlives this one; its standard error goes to the log.
 * Errors: E_NODE_MISSING.
 */
export function startEngine(centralDirectory: string): StartedEngine {
  const { program, env } = nodeProgram()
  mkdirSync(centralDirectory, { recursive: true, mode: 0o700 })
  const log = engineLog(centralDirectory)
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) renameSync(log, `${log}.1`)
  const fd = openSync(log, 'a', 0o600)
  const offset = statSync(log).size
  const nothing = openSync('/dev/null', 'r')
  const child = spawn(program, [join(bundleDirectory(), 'engine.cjs')], {
    detached: true,
    cwd: '/',
    stdio: ['ignore', 'ignore', fd, ...inherited().map((open) => (open ? nothing : 'ignore'))],
    env: { ...process.env, IZE_CENTRAL_DIR: centralDirectory, ...env },
  })
  closeSync(fd)
  closeSync(nothing)
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

/**
 * For each descriptor above standard error, whether a child would inherit it. Chromium closes its own only in children
 * that it starts itself: an engine that held them would keep helper processes alive that wait for the app's end. They
 * are covered by /dev/null.
 */
function inherited(): boolean[] {
  if (!('electron' in process.versions)) return []
  const open = new Set(readdirSync('/proc/self/fd').map(Number).filter(isInherited))
  return Array.from({ length: Math.max(2, ...open) - 2 }, (_, index) => open.has(index + 3))
}

const O_CLOEXEC = 0o2000000

function isInherited(fd: number): boolean {
  try {
    const flags = /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))
    return flags !== null && (Number.parseInt(flags[1] ?? '0', 8) & O_CLOEXEC) === 0
  } catch {
    // The one that the list was read by.
    return false
  }
}

const LAST_WORDS = 'ize-engine: '
const lastWords = z.object({ code: z.string(), message: z.string(), data: z.record(z.string(), z.unknown()) })

function whyItEnded(log: string, offset: number, how: string): IzeError {
  return (
    saidLast(log, offset) ??
    new IzeError('E_ENGINE_SILENT', `The engine ended as soon as it was started (${how}); ${log} says more.`, { log })
  )
}

/** Null: it said nothing, or its log is gone, or ends in the middle of a line. */
function saidLast(log: string, offset: number): IzeError | null {
  try {
    const lines = readFileSync(log).subarray(offset).toString().split('\n')
    const said = lines.findLast((line) => line.startsWith(LAST_WORDS))
    if (said === undefined) return null
    const { code, message, data } = lastWords.parse(JSON.parse(said.slice(LAST_WORDS.length)))
    return new IzeError(code, message, data)
  } catch {
    return null
  }
}
