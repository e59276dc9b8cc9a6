import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { isAlive } from '../../../src-main/client/is-alive.ts'
import { finished, IzeUser, type Ran } from '../../support/ize-command.ts'
import { processesWith, signal } from '../../support/processes.ts'
import { until } from '../../support/until.ts'
import { Stage } from './stage.ts'

/** A screen's size in pixels. */
export interface ScreenSize {
  readonly width: number
  readonly height: number
}

/**
 * A person at a desktop of their own: an ordinary account, a home, an X server without a screen, a session bus, and Ize.
 * What runs here belongs to that account: the tests as root see no mounted folder, they look through `sh`.
 */
export class Desktop {
  private readonly children: ChildProcess[] = []

  private constructor(
    readonly stage: Stage,
    readonly user: IzeUser,
  ) {}

  static async start(screen: ScreenSize = { width: 1600, height: 1000 }): Promise<Desktop> {
    const stage = await Stage.make()
    const path = [dirname(stage.node), process.env['PATH']].join(':')
    const user = new IzeUser({ PATH: path, XDG_SESSION_TYPE: 'x11', NO_AT_BRIDGE: '1' }, stage)
    const desktop = new Desktop(stage, user)
    try {
      user.env['DISPLAY'] = `:${await desktop.startAndRead('Xvfb', xvfbArguments(screen))}`
      const bus = [
        '--session',
        '--nofork',
        '--nopidfile',
        `--address=unix:path=${user.runtime}/bus`,
        '--print-address=3',
      ]
      user.env['DBUS_SESSION_BUS_ADDRESS'] = await desktop.startAndRead('dbus-daemon', bus)
      return desktop
    } catch (error) {
      await desktop.end()
      throw error
    }
  }

  /** Starts a program of the person's; it ends with the desktop. */
  start(program: string, args: readonly string[], stdio: StdioOptions = 'ignore'): ChildProcess {
    const { account } = this.stage
    const child = spawn(program, args, { ...account, cwd: this.user.directory, env: this.user.env, stdio })
    child.on('error', () => undefined)
    this.children.push(child)
    return child
  }

  /** Runs a shell script as the person; for instance to look into a mounted folder. What it printed. */
  async sh(script: string, cwd: string = this.user.directory): Promise<string> {
    const options = { ...this.stage.account, cwd, env: this.user.env }
    const ran: Ran = await finished(spawn('/bin/bash', ['-ec', script], options))
    if (ran.code !== 0) throw new Error(`${script}\nended with ${ran.code}: ${ran.errors}${ran.text}`)
    return ran.text
  }

  /** Ends everything that was started here, by number, and removes the home. */
  async end(): Promise<void> {
    // The engine unmounts and ends by itself when asked, before its folders go.
    const engine = this.user.enginePid()
    if (engine !== null && isAlive(engine)) {
      process.kill(engine, 'SIGTERM')
      // A test may have left it standing still.
      process.kill(engine, 'SIGCONT')
    }
    if (engine !== null) await until(() => !isAlive(engine))
    for (const child of this.children.splice(0).reverse()) await endChild(child)
    for (const pid of this.left()) signal(pid, 'SIGKILL')
    await until(() => this.left().length === 0)
    await this.user.remove()
    this.stage.remove()
  }

  /** Processes that were started here, by whatever way: they have this desktop's folder in their environment. */
  private left(): number[] {
    return processesWith('XDG_RUNTIME_DIR', this.user.runtime)
  }

  /** Starts what tells on its descriptor 3 where it is to be found. */
  private async startAndRead(program: string, args: readonly string[]): Promise<string> {
    const child = this.start(program, args, ['ignore', 'ignore', 'pipe', 'pipe'])
    let errors = ''
    child.stderr?.on('data', (bytes: Buffer) => (errors += bytes.toString()))
    return new Promise((resolve, reject) => {
      let text = ''
      ;(child.stdio[3] as Readable).on('data', (bytes: Buffer) => {
        text += bytes.toString()
        if (text.endsWith('\n')) resolve(text.trim())
      })
      child.once('error', (error) => reject(new Error(`${program} cannot be started: ${error.message}`)))
      child.once('exit', (code) => reject(new Error(`${program} ended with ${code}: ${errors}`)))
    })
  }
}

function xvfbArguments({ width, height }: ScreenSize): string[] {
  return ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-noreset', '-ac']
}

async function endChild(child: ChildProcess): Promise<void> {
  const { pid } = child
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  const hard = setTimeout(() => child.kill('SIGKILL'), 5000)
  child.kill('SIGTERM')
  await gone
  clearTimeout(hard)
}
