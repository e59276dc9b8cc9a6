import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectEngine } from '../src-main/client/connect.ts'
import type { EngineClient } from '../src-main/client/engine-client.ts'
import type { MethodName, Params, Result } from '../src-preload/contract.ts'

/** Trimming follows the last batch after this long. */
const TRIM_MS = 600

/** The real engine, a process of its own with a central directory of its own, asked through its socket. */
export class BenchEngine {
  private client: EngineClient | null = null
  private serial = 0
  private subscribed = false
  private closed = false

  constructor(private readonly directory: string) {}

  get central(): string {
    return join(this.directory, 'central')
  }

  async ask<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> {
    if (this.closed) throw new Error('The bench is ending.')
    this.client ??= await connectEngine({ centralDirectory: this.central })
    return this.client.request(method, params)
  }

  /** Resolves twice: once it listens, and when the history of the project has grown. */
  async whenRecorded(project: string): Promise<{ readonly recorded: Promise<void> }> {
    if (!this.subscribed) await this.ask('engine.subscribe', {})
    this.subscribed = true
    const { client } = this
    const recorded = new Promise<void>((resolve) => {
      const stop = client?.on('history', (event) => {
        if (event.project.name !== project) return
        stop?.()
        resolve()
      })
    })
    return { recorded }
  }

  async pid(): Promise<number> {
    return (await this.ask('engine.info', {})).pid
  }

  /** Ends it; the next question starts another. */
  async stop(): Promise<void> {
    if (!this.client) return
    const { client } = this
    this.client = null
    this.subscribed = false
    const { pid } = await client.request('engine.info', {})
    await client.request('engine.stop', {}).catch(() => undefined)
    await client.whenClosed()
    while (isAlive(pid)) await sleep(5)
  }

  /** Ends it for good: work that is cut off must not start another. */
  async close(): Promise<void> {
    this.closed = true
    await this.stop()
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.ask('engine.info', {})
  }

  /** A new project, not mounted; with `from`, of that folder's files. */
  async create(from: string | null = null): Promise<BenchProject> {
    const name = `bench-${++this.serial}`
    const point = join(this.directory, `mount-${this.serial}`)
    await mkdir(point)
    const { project } = await this.ask('projects.init', { name, ...(from === null ? {} : { from }) })
    return new BenchProject(this, name, point, join(this.central, 'projects', project.id))
  }

  /** Bytes the log may hold, of projects that are opened from now on; null: the default again. */
  async bound(bytes: number | null): Promise<void> {
    const setting = { level: 'central', key: 'log.limit-bytes' } as const
    if (bytes === null) await this.ask('config.unset', setting)
    else await this.ask('config.set', { ...setting, value: String(bytes) })
  }
}

export class BenchProject {
  private mounted = false

  constructor(
    private readonly engine: BenchEngine,
    readonly name: string,
    readonly point: string,
    /** Its folder in the central directory. */
    readonly root: string,
  ) {}

  async mount(): Promise<void> {
    await this.engine.ask('projects.mount', { project: this.name, mountPoint: this.point })
    this.mounted = true
  }

  async unmount(): Promise<void> {
    await this.engine.ask('projects.unmount', { project: this.name, force: false, lazy: false })
    this.mounted = false
  }

  /** Until nothing waits any more. */
  async flush(): Promise<void> {
    const { pending, problem } = await this.engine.ask('projects.flush', { project: this.name })
    if (problem !== null) throw new Error(`Recording stopped: ${problem}`)
    if (pending.operations > 0) throw new Error(`${pending.operations} operations wait after a flush.`)
  }

  /** Resolves when the engine says that the project's history has grown. */
  async whenRecorded(): Promise<{ readonly recorded: Promise<void> }> {
    return this.engine.whenRecorded(this.name)
  }

  /** Seconds until all is in history; then the log is let go of, outside of that time. */
  async settle(): Promise<number> {
    const begun = performance.now()
    await this.flush()
    const seconds = (performance.now() - begun) / 1000
    await sleep(TRIM_MS)
    return seconds
  }

  async remove(): Promise<void> {
    if (this.mounted) await this.unmount()
    await this.engine.ask('projects.remove', { project: this.name })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
