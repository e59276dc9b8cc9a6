import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readLock } from '../../src-main/client/connect.ts'
import { isAlive } from '../../src-main/client/is-alive.ts'
import { processesWith, signal } from './processes.ts'
import { until } from './until.ts'

export { isAlive }

const out = fileURLToPath(new URL('../../out', import.meta.url))

export interface Ran {
  readonly code: number | null
  readonly stdout: Buffer
  /** Standard output as text. */
  readonly text: string
  readonly errors: string
}

/** Whose processes run, and which bundles. */
export interface RunAs {
  /** Null: the one that runs the tests. */
  readonly account: { readonly uid: number; readonly gid: number } | null
  readonly node: string
  readonly bundles: string
}

/** An engine that a failed test left in the middle of something. */
const PATIENCE_MS = 20_000
const asOurselves: RunAs = { account: null, node: process.execPath, bundles: out }

/** A user of Ize with a home of their own: the real command and the real engine, nothing of the machine's. */
export class IzeUser {
  readonly directory = mkdtempSync(join(tmpdir(), 'ize-user-'))
  readonly home = join(this.directory, 'home')
  readonly central = join(this.directory, 'central')
  readonly runtime = join(this.directory, 'run')
  private readonly temporary = join(this.directory, 'tmp')
  readonly env: NodeJS.ProcessEnv

  constructor(
    env: NodeJS.ProcessEnv = {},
    readonly as: RunAs = asOurselves,
  ) {
    const folders = [this.home, this.runtime, this.temporary]
    for (const folder of folders) mkdirSync(folder, { mode: 0o700 })
    chmodSync(this.directory, 0o755)
    const { account } = as
    if (account) for (const path of [this.directory, ...folders]) chownSync(path, account.uid, account.gid)
    this.env = {
      PATH: process.env['PATH'],
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      HOME: this.home,
      XDG_RUNTIME_DIR: this.runtime,
      TMPDIR: this.temporary,
      IZE_CENTRAL_DIR: this.central,
      IZE_SYSTEM_CONFIG: join(this.directory, 'no-system-config.toml'),
      ...env,
    }
  }

  path(...names: string[]): string {
    return join(this.directory, ...names)
  }

  start(args: readonly (string | Buffer)[], options: { cwd?: string; input?: string } = {}): ChildProcess {
    const script = args.some(Buffer.isBuffer) ? this.byteArguments(args) : null
    const command = script
      ? ['/bin/bash', '-c', script]
      : [this.as.node, join(this.as.bundles, 'cli.cjs'), ...(args as string[])]
    const child = spawn(command[0] ?? '', command.slice(1), {
      ...this.as.account,
      cwd: options.cwd ?? this.directory,
      env: this.env,
    })
    child.stdin.end(options.input ?? '')
    return child
  }

  async run(args: readonly (string | Buffer)[], options: { cwd?: string; input?: string } = {}): Promise<Ran> {
    return finished(this.start(args, options))
  }

  /** Runs a command that must succeed; its standard output. */
  async ize(...args: (string | Buffer)[]): Promise<string> {
    const ran = await this.run(args)
    if (ran.code !== 0) throw new Error(`ize ${args.join(' ')} ended with ${ran.code}: ${ran.errors}${ran.text}`)
    return ran.text
  }

  async json<T>(...args: string[]): Promise<T> {
    return JSON.parse(await this.ize(...args, '--json')) as T
  }

  enginePid(): number | null {
    return readLock(this.central)?.pid ?? null
  }

  /** Ends the engine and removes all of it. */
  async remove(): Promise<void> {
    const pid = this.enginePid()
    if (pid !== null && isAlive(pid)) {
      signal(pid, 'SIGTERM')
      await until(() => !isAlive(pid), PATIENCE_MS).catch(() => undefined)
    }
    // One that hangs, and one that has only begun to start, for a command that did not wait for it.
    for (const left of this.processes()) signal(left, 'SIGKILL')
    await until(() => this.processes().length === 0)
    // A folder that is not mounted is shut; root need not mind.
    if (process.getuid?.() !== 0) execFileSync('chmod', ['-R', 'u+rwX', this.directory])
    rmSync(this.directory, { recursive: true, force: true })
  }

  private processes(): number[] {
    return processesWith('IZE_CENTRAL_DIR', this.central)
  }

  /** Node passes arguments as UTF-8 only; a shell's $'…' passes any bytes. */
  private byteArguments(args: readonly (string | Buffer)[]): string {
    const words = [this.as.node, join(this.as.bundles, 'cli.cjs'), ...args].map((word) => {
      const bytes = Buffer.from(word as string)
      return `$'${[...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`
    })
    return `exec ${words.join(' ')}`
  }
}

export async function finished(child: ChildProcess): Promise<Ran> {
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout?.on('data', (bytes: Buffer) => stdout.push(bytes))
  child.stderr?.on('data', (bytes: Buffer) => stderr.push(bytes))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  const all = Buffer.concat(stdout)
  return { code, stdout: all, text: all.toString(), errors: Buffer.concat(stderr).toString() }
}
