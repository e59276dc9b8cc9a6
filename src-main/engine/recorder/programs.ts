import { readFile, readlink } from 'node:fs/promises'
import type { Program } from '../history/change-metadata.ts'
import type { Operation } from '../oplog/operation.ts'

const REMEMBERED = 10_000
const COMMAND_BYTES = 4096

type Details = Pick<Program, 'executable' | 'command' | 'directory'>

/** Who did what: thread ids become programs by the log's markers, with more detail where the process lived long enough. */
export class Programs {
  private readonly threads = new Map<number, Program>()
  private readonly details = new Map<string, Details>()

  took(op: Operation): void {
    if (op.type !== 'program') return
    if (this.threads.size > REMEMBERED) this.threads.clear()
    this.threads.set(op.pid, { name: op.name, pid: op.process, start: op.start })
  }

  /** null: unknown, never a guess. Thread 0 is the kernel writing back what a program changed through mmap. */
  of(thread: number): Program | null {
    const program = this.threads.get(thread)
    if (!program || thread === 0) return null
    return { ...program, ...this.details.get(`${program.pid}/${program.start}`) }
  }

  /** Reads what may wait for the process itself (its command line), without anyone waiting for us. */
  async look(process: number, start: number): Promise<void> {
    const base = `/proc/${process}`
    const [executable, command, directory] = await Promise.all([
      readlink(`${base}/exe`).catch(() => undefined),
      readFile(`${base}/cmdline`, 'utf8').catch(() => undefined),
      readlink(`${base}/cwd`).catch(() => undefined),
    ])
    // The number may belong to another process by now.
    const stat = await readFile(`${base}/stat`, 'latin1').catch(() => '')
    if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]) !== start) return
    if (this.details.size > REMEMBERED) this.details.clear()
    const words = command
      ?.slice(0, COMMAND_BYTES)
      .split('\0')
      .filter((word) => word !== '')
    this.details.set(`${process}/${start}`, {
      ...(executable === undefined ? {} : { executable }),
      ...(words && words.length > 0 ? { command: words } : {}),
      ...(directory === undefined ? {} : { directory }),
    })
  }
}
