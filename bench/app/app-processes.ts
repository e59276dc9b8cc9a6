import { readdir, readFile } from 'node:fs/promises'
import { cpuMilliseconds } from '../processes.ts'

/** The process and all below it but the engine, which the app may have started, and what that started. */
export async function appProcesses(root: number): Promise<readonly number[]> {
  const children = new Map<number, number[]>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = parentOf(await readFile(`/proc/${name}/stat`, 'utf8').catch(() => ''))
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const found: number[] = []
  const walk = async (pid: number): Promise<void> => {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (command.includes('engine.cjs')) return
    found.push(pid)
    for (const child of children.get(pid) ?? []) await walk(child)
  }
  await walk(root)
  return found
}

/** The fourth field; the second is a name in brackets, which may hold anything. */
function parentOf(stat: string): number | null {
  const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  return Number.isInteger(parent) ? parent : null
}

/** Megabytes that would be free without them: memory that they share with others counts in part (PSS). */
export async function proportionalMegabytes(pids: readonly number[]): Promise<number> {
  let kilobytes = 0
  for (const pid of pids) {
    const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
    kilobytes += Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0)
  }
  return kilobytes / 1024
}

/** CPU time that they have taken so far. */
export async function cpuOf(pids: readonly number[]): Promise<number> {
  let milliseconds = 0
  for (const pid of pids) milliseconds += await cpuMilliseconds(pid).catch(() => 0)
  return milliseconds
}
