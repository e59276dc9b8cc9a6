import { readFileSync } from 'node:fs'
import type { NewOperation, Ino } from '../oplog/operation.ts'

/** How long a thread id is believed to be the same process without looking again. */
const TRUST_SECONDS = 2
const FORGET_ABOVE = 4096

interface Seen {
  start: number
  process: number
  name: string
  at: number
}

/**
 * Notes in the log which process a thread id belongs to, when it first changes something. The mount thread reads only
 * `status` and `stat` of /proc, which wait for no lock of the process (its command line may: a helper reads that). The
 * process is waiting for our answer, so it is there; what cannot be read is left unknown.
 */
export class ProgramNotes {
  private readonly seen = new Map<number, Seen>()

  /** The marker to log before an operation of this thread, or null when the log has it already. */
  note(pid: number, sec: number, nsec: number): NewOperation | null {
    if (pid === 0) return null
    const known = this.seen.get(pid)
    if (known && sec - known.at < TRUST_SECONDS && sec >= known.at) return null
    const found = readProcess(pid)
    if (!found) return null
    found.at = sec
    if (this.seen.size > FORGET_ABOVE) this.seen.clear()
    this.seen.set(pid, found)
    if (known && known.start === found.start && known.name === found.name) return null
    return {
      type: 'program',
      ino: 0 as Ino,
      pid,
      sec,
      nsec,
      path: '',
      process: found.process,
      start: found.start,
      name: found.name,
    }
  }
}

function readProcess(pid: number): Seen | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    const process = Number(/^Tgid:\s*(\d+)/m.exec(status)?.[1] ?? pid)
    const stat = readFileSync(`/proc/${process}/stat`, 'latin1')
    // The name stands in parentheses and may hold any character, parentheses too.
    const open = stat.indexOf('(')
    const close = stat.lastIndexOf(')')
    const start = Number(stat.slice(close + 2).split(' ')[19])
    return { process, start, name: stat.slice(open + 1, close), at: 0 }
  } catch {
    return null
  }
}
