import type { WriteStream } from 'node:tty'
import { painter, safeName, wantsColours, type Paint } from './terminal.ts'

/** What a command prints: its result on standard output, everything else on standard error. */
export class Output {
  readonly paint: Paint
  readonly isTerminal: boolean
  readonly errorIsTerminal: boolean
  private progressShown = false

  constructor(
    private readonly stdout: NodeJS.WriteStream = process.stdout,
    private readonly stderr: NodeJS.WriteStream = process.stderr,
  ) {
    this.isTerminal = stdout.isTTY ?? false
    this.errorIsTerminal = stderr.isTTY ?? false
    this.paint = painter(wantsColours(this.isTerminal))
  }

  get columns(): number {
    return (this.stdout as Partial<WriteStream>).columns ?? 80
  }

  /** Text of others (names, programs, messages) as it may be printed: on a terminal what would drive it is visible. */
  name(text: string): string {
    return this.isTerminal ? safeName(text) : text
  }

  /** A path of a project; its root is a dot. */
  path(path: string): string {
    return path === '' ? '.' : this.name(path)
  }

  line(text = ''): void {
    this.clearProgress()
    this.stdout.write(`${text}\n`)
  }

  lines(lines: readonly string[]): void {
    if (lines.length > 0) this.line(lines.join('\n'))
  }

  json(value: unknown): void {
    this.line(JSON.stringify(value, null, 2))
  }

  /** Waits until the bytes are taken, so that memory stays flat however slow the reader is. */
  async write(bytes: Uint8Array | string): Promise<void> {
    this.clearProgress()
    if (!this.stdout.write(bytes)) await new Promise<void>((resolve) => this.stdout.once('drain', resolve))
  }

  note(text: string): void {
    this.clearProgress()
    this.stderr.write(`${this.errorIsTerminal ? safeName(text) : text}\n`)
  }

  /** One line that the next one replaces; nothing unless standard error is a terminal. */
  progress(text: string): void {
    if (!this.errorIsTerminal) return
    const room = (this.stderr as Partial<WriteStream>).columns ?? 80
    this.stderr.write(`\r\x1b[2K${safeName(text).slice(0, room - 1)}`)
    this.progressShown = true
  }

  clearProgress(): void {
    if (!this.progressShown) return
    this.stderr.write('\r\x1b[2K')
    this.progressShown = false
  }
}
