import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { testProgram } from '../../scripts/lib/test-programs.mjs'

export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** What a program is sent, and what it sends back. */
export interface Asked<Request> {
  readonly id: number
  readonly request: Request
}
export interface Answered<Answer> {
  readonly id: number
  readonly answer: Answer
}

interface Waiting<Answer> {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

/** A program of the tests that answers requests. */
export class Helper<Request, Answer> {
  private readonly process: ChildProcess
  private readonly waiting = new Map<number, Waiting<Answer>>()
  private serial = 0

  /** `program`: the name of one in scripts/lib/test-programs.mjs. */
  constructor(program: string, home: string, owner: Owner | null) {
    this.process = fork(testProgram(program), {
      cwd: home,
      env: { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, 'config'), XDG_RUNTIME_DIR: home },
      execArgv: ['--enable-source-maps'],
      ...(owner ?? {}),
    })
    this.process.on('message', (message) => {
      const { id, answer } = message as Answered<Answer>
      this.waiting.get(id)?.resolve(answer)
      this.waiting.delete(id)
    })
    this.process.on('exit', () => {
      for (const { reject } of this.waiting.values()) reject(new Error('A program of the test ended.'))
      this.waiting.clear()
    })
  }

  async ask(request: Request): Promise<Answer> {
    const id = ++this.serial
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject })
      this.process.send({ id, request } satisfies Asked<Request>)
    })
  }

  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return
    this.process.kill('SIGKILL')
    await once(this.process, 'exit')
  }

  async end(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return
    this.process.disconnect()
    await once(this.process, 'exit')
  }
}
