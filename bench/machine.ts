import { readFile, writeFile } from 'node:fs/promises'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from './processes.ts'

/** What of the machine bears on the figures. */
export interface MachineFacts {
  readonly date: string
  readonly kernel: string
  readonly cpu: string
  readonly cpus: number
  readonly memoryGB: number
  readonly node: string
  readonly fileSystem: string
  readonly load: number
  /** Part of all CPU time that other programs took in the second before the run, 0 to 1. */
  readonly otherCpu: number
}

export async function machineFacts(directory: string): Promise<MachineFacts> {
  return {
    date: new Date().toISOString().slice(0, 10),
    kernel: release(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cpus: cpus().length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    fileSystem: (await run('df', ['--output=fstype', directory])).trim().split('\n').at(-1) ?? 'unknown',
    load: loadavg()[0] ?? 0,
    otherCpu: await busyPart(1000),
  }
}

/** The part of the CPUs' time that is used, over so many milliseconds. */
export async function busyPart(ms: number): Promise<number> {
  const before = await cpuTimes()
  await sleep(ms)
  const after = await cpuTimes()
  const total = after.total - before.total
  return total === 0 ? 0 : (total - (after.idle - before.idle)) / total
}

async function cpuTimes(): Promise<{ readonly total: number; readonly idle: number }> {
  const [line = ''] = (await readFile('/proc/stat', 'utf8')).split('\n')
  const ticks = line.split(/\s+/).slice(1, 9).map(Number)
  // idle and iowait
  return { total: ticks.reduce((sum, part) => sum + part, 0), idle: (ticks[3] ?? 0) + (ticks[4] ?? 0) }
}

/** Everything written reaches the disk, so that a measurement does not pay for the one before it. */
export async function settleDisk(): Promise<void> {
  await run('sync', [])
}

/**
 * The kernel forgets names and inodes, with `pages` file contents too. Returns false where we may not ask for that.
 */
export async function dropCaches(pages: boolean): Promise<boolean> {
  await settleDisk()
  return writeFile('/proc/sys/vm/drop_caches', pages ? '3' : '2').then(
    () => true,
    () => false,
  )
}
