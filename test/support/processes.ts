import { readdirSync, readFileSync } from 'node:fs'

/** Processes that were started with a variable of the environment set so, by whatever way; not this one. */
export function processesWith(variable: string, value: string): number[] {
  const mark = Buffer.from(`${variable}=${value}\0`)
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && environmentOf(pid).includes(mark))
}

/** Empty for a process that has ended, or is not ours to look at. */
function environmentOf(pid: number): Buffer {
  try {
    return readFileSync(`/proc/${pid}/environ`)
  } catch {
    return Buffer.alloc(0)
  }
}

/** Also when it has just ended. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
