import { spawn } from 'node:child_process'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleDirectory } from '../src-main/client/engine-process.ts'

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a program to its end; returns what it printed. Errors: what it said, when it ended with another code than 0. */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? '/',
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const out: Buffer[] = []
    const errors: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(Buffer.concat(out).toString())
      const said = Buffer.concat(errors).toString().trim().slice(-500)
      reject(new Error(`${[program, ...args].join(' ').slice(0, 200)} ended with ${signal ?? code ?? '?'}: ${said}`))
    })
  })
}

/** Seconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return (performance.now() - begun) / 1000
}

export async function timedRun(program: string, args: readonly string[], options: RunOptions = {}): Promise<number> {
  return timed(() => run(program, args, options))
}

/** Runs one of the bench's own processes, whose last line is JSON. */
export async function runOwn(
  name: 'work' | 'waiting' | 'store' | 'long-history',
  ...args: (string | number)[]
): Promise<unknown> {
  const output = await run(process.execPath, [join(bundleDirectory(), `${name}-process.cjs`), ...args.map(String)])
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '')
}

/** Resident memory in MB, as `VmRSS` of /proc/{pid}/status. */
export async function residentMegabytes(pid: number): Promise<number> {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))
  if (!found) throw new Error(`/proc/${pid}/status names no resident memory.`)
  return Number(found[1]) / 1024
}

/** CPU time of all threads of a process in milliseconds, from the scheduler's own count. */
export async function cpuMilliseconds(pid: number): Promise<number> {
  const spent = await eachThread(pid, 'schedstat', (text) => Number(text.split(' ')[0]) / 1e6)
  return [...spent.values()].reduce((sum, ms) => sum + ms, 0)
}

/** How often each thread of a process has called a writing system call. */
export function writeCalls(pid: number): Promise<Map<string, number>> {
  return eachThread(pid, 'io', (text) => Number(/^syscw: (\d+)$/m.exec(text)?.[1]))
}

async function eachThread<T>(pid: number, file: string, read: (text: string) => T): Promise<Map<string, T>> {
  const found = new Map<string, T>()
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    const text = await readFile(`/proc/${pid}/task/${thread}/${file}`, 'utf8').catch(() => null)
    if (text !== null) found.set(thread, read(text))
  }
  return found
}
