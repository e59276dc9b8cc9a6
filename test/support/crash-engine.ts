import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectRunningEngine } from '../../src-main/client/connect.ts'
import type { EngineClient } from '../../src-main/client/engine-client.ts'
import type { MethodName, Params, Result } from '../../src-preload/contract.ts'

const bundle = join(import.meta.dirname, '../../out/engine.cjs')
const PATIENCE_MS = 30_000
const LOOK_MS = 20

export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** The engine's process with a central directory of its own, started, asked and killed by hand. */
export class CrashEngine {
  readonly central: string
  private readonly environment: NodeJS.ProcessEnv
  private child: ChildProcess | null = null
  private client: EngineClient | null = null
  private ended: Promise<Ended> = Promise.resolve({ code: 0, signal: null })

  /** `directory` holds the central directory unless that is given; `config` is its config.toml. */
  constructor(
    readonly directory: string,
    config: string,
    central = join(directory, 'central'),
  ) {
    this.central = central
    mkdirSync(central, { recursive: true, mode: 0o700 })
    writeFileSync(join(central, 'config.toml'), config)
    const run = join(directory, 'run')
    mkdirSync(run, { recursive: true, mode: 0o700 })
    this.environment = {
      ...process.env,
      HOME: directory,
      XDG_CONFIG_HOME: join(directory, 'config'),
      XDG_RUNTIME_DIR: run,
      IZE_CENTRAL_DIR: central,
      IZE_SYSTEM_CONFIG: join(directory, 'system.toml'),
    }
  }

  get pid(): number | undefined {
    return this.child?.pid
  }

  get log(): string {
    return readFileSync(join(this.directory, 'engine.log'), 'utf8')
  }

  /** Resolves when it can be asked; null: it ended before that, as a failpoint may have it. */
  async start(environment: Readonly<Record<string, string>> = {}): Promise<Ended | null> {
    const stderr = openSync(join(this.directory, 'engine.log'), 'a')
    const child = spawn(process.execPath, [bundle], {
      cwd: '/',
      stdio: ['ignore', 'ignore', stderr],
      env: { ...this.environment, ...environment },
    })
    closeSync(stderr)
    this.child = child
    let gone: Ended | null = null
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve((gone = { code, signal })))
    })
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(LOOK_MS)) {
      if (gone) return gone
      const client = await connectRunningEngine({ centralDirectory: this.central, patienceMs: 5000 }).catch(() => null)
      if (!client) continue
      const info = await client.request('engine.info', {}).catch(() => null)
      if (info?.pid === child.pid) {
        this.client = client
        return null
      }
      client.close()
    }
    throw new Error(`The engine does not answer:\n${this.log.slice(-2000)}`)
  }

  async ask<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> {
    if (!this.client) throw new Error('The engine does not run.')
    return this.client.request(method, params)
  }

  /** kill -9, and the end of it. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL')
    await this.ended
    this.forget()
  }

  /** SIGTERM, as at a logout. */
  async stop(): Promise<Ended> {
    this.child?.kill('SIGTERM')
    return this.whenEnded()
  }

  /** Errors: it goes on for too long. */
  async whenEnded(): Promise<Ended> {
    const late = new AbortController()
    const ended = await Promise.race([this.ended, sleep(PATIENCE_MS, null, { signal: late.signal }).catch(() => null)])
    late.abort()
    if (!ended) throw new Error(`The engine did not end:\n${this.log.slice(-2000)}`)
    this.forget()
    return ended
  }

  get running(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null
  }

  private forget(): void {
    this.client?.close()
    this.client = null
    this.child = null
  }
}
