// Child processes of the scripts: never waiting for a keyboard, never silent for long, never left behind.
import { spawn } from 'node:child_process'
import { root } from './root.mjs'

const heartbeatMs = 30_000
/** Process groups that are running; a signal to us ends them. */
const groups = new Set()

/** A command that could not be started, ended with another code than 0, or ran past its limit. */
export class CommandFailed extends Error {
  constructor(message, output) {
    super(message)
    this.output = output
  }
}

/** `12.3 s`, or `2 min 05 s`. */
export function seconds(ms) {
  const s = ms / 1000
  return s < 90 ? `${s.toFixed(1)} s` : `${Math.floor(s / 60)} min ${String(Math.floor(s % 60)).padStart(2, '0')} s`
}

/**
 * Runs a command in a process group of its own, standard input closed.
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd?: string, env?: Record<string, string | undefined>, show?: boolean, label?: string, limitMs?: number,
 *   onLine?: (line: string) => void}} [options] `show` passes the output through as it comes; `label`: what is said to go
 *   on when there was none for a while
 * @returns {Promise<{code: number, output: string}>} output: both streams, in the order of their arrival
 */
export function execute(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const chunks = []
    const begun = performance.now()
    let heard = begun
    const heartbeat =
      options.label &&
      setInterval(() => {
        const now = performance.now()
        if (now - heard >= heartbeatMs) console.log(`${options.label}: ${seconds(now - begun)} so far`)
      }, heartbeatMs)
    let late = false
    const collect = (stream) => (chunk) => {
      chunks.push(chunk)
      heard = performance.now()
      if (options.show) stream.write(chunk)
      const line = String(chunk)
        .trimEnd()
        .split(/[\r\n]/)
        .at(-1)
      if (line) options.onLine?.(line)
    }
    child.stdout.on('data', collect(process.stdout))
    child.stderr.on('data', collect(process.stderr))
    const timer =
      options.limitMs &&
      setTimeout(() => {
        late = true
        endGroup(child.pid, 'SIGKILL')
      }, options.limitMs)
    if (child.pid) groups.add(child.pid)
    const finish = () => {
      clearTimeout(timer)
      clearInterval(heartbeat)
      groups.delete(child.pid)
      return Buffer.concat(chunks).toString()
    }
    child.on('error', (error) => {
      reject(new CommandFailed(`${command} could not be started: ${error.message}`, finish()))
    })
    child.on('close', (code, signal) => {
      const output = finish()
      if (late) reject(new CommandFailed(`${command} was ended after ${seconds(options.limitMs)}`, output))
      else resolve({ code: code ?? (signal ? 128 : 1), output })
    })
  })
}

/**
 * A named piece of work that says when it begins, that it is still at it, and how long it took.
 * @template T
 * @param {string} label
 * @param {(say: (line: string) => void) => Promise<T>} work `say` names what it is at, for the next sign of life
 * @returns {Promise<T>}
 */
export async function task(label, work) {
  const begun = performance.now()
  let at = ''
  console.log(`${label} …`)
  const heartbeat = setInterval(() => {
    console.log(`${label}: ${seconds(performance.now() - begun)} so far${at && ` (${at.slice(0, 90)})`}`)
  }, heartbeatMs)
  try {
    const result = await work((line) => (at = line.trim()))
    console.log(`${label}: done in ${seconds(performance.now() - begun)}`)
    return result
  } finally {
    clearInterval(heartbeat)
  }
}

/**
 * A task that is one command; its output is shown only when it fails.
 * @throws {CommandFailed}
 */
export async function commandTask(label, command, args, options = {}) {
  return task(label, async (say) => {
    const { code, output } = await execute(command, args, { ...options, onLine: say })
    if (code === 0) return output
    throw new CommandFailed(`${label}: ${[command, ...args].join(' ')} ended with code ${code}`, output)
  })
}

function endGroup(pid, signal) {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

const codes = /** @type {const} */ ({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })

/**
 * From now on a signal that ends us ends every child too.
 * @returns {() => void} takes that back
 */
export function endChildrenOnSignal() {
  const handlers = Object.entries(codes).map(([signal, code]) => {
    const handler = () => {
      endChildren()
      process.exit(code)
    }
    process.on(signal, handler)
    return () => process.off(signal, handler)
  })
  return () => handlers.forEach((release) => release())
}

function endChildren() {
  for (const pid of groups) endGroup(pid, 'SIGTERM')
}

/** Prints a failure the way every script does, ends what still runs, and makes the process end with code 1. */
export function reportFailure(error) {
  endChildren()
  if (error instanceof CommandFailed && error.output) console.error(error.output.trimEnd())
  console.error(`\nize: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
