import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { z } from 'zod'
import { bundleDirectory } from '../../src-main/client/engine-process.ts'
import { appProcesses } from './app-processes.ts'
import { Page } from './devtools.ts'

const SCHEME = 'ize-app://'
const SIZE = '1600x1000x24'
const LISTENING = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//

/** The app as it runs. */
export interface RunningApp {
  readonly page: Page
  /** When it was started, in milliseconds since 1970. */
  readonly begun: number
  /** All of its processes, without the engine. */
  processes(): Promise<readonly number[]>
  close(): Promise<void>
}

/** A screen that nobody sees and a session bus, with a home of their own: as a desktop is to the app. */
export class Screen {
  private readonly children: ChildProcess[] = []
  private readonly env: Record<string, string | undefined>

  private constructor(home: string, central: string) {
    const below = (name: string): string => join(home, name)
    this.env = {
      ...process.env,
      ...{ HOME: home, IZE_CENTRAL_DIR: central, XDG_SESSION_TYPE: 'x11', NO_AT_BRIDGE: '1' },
      ...{ XDG_CONFIG_HOME: below('.config'), XDG_CACHE_HOME: below('.cache'), XDG_DATA_HOME: below('.local/share') },
    }
  }

  static async open(home: string, central: string): Promise<Screen> {
    await mkdir(home, { recursive: true })
    const screen = new Screen(home, central)
    try {
      const xvfb = ['-displayfd', '3', '-screen', '0', SIZE, '-nolisten', 'tcp', '-noreset', '-ac']
      screen.env['DISPLAY'] = `:${await screen.startAndRead('Xvfb', xvfb)}`
      const bus = ['--session', '--nofork', '--nopidfile', `--address=unix:dir=${home}`, '--print-address=3']
      screen.env['DBUS_SESSION_BUS_ADDRESS'] = await screen.startAndRead('dbus-daemon', bus)
      return screen
    } catch (error) {
      await screen.close()
      throw error
    }
  }

  /** Starts the app; root's has no sandbox, since Chromium refuses one. */
  async start(electron: string): Promise<RunningApp> {
    const flags = ['--disable-gpu', '--disable-dev-shm-usage', '--remote-debugging-port=0']
    if (process.getuid?.() === 0) flags.push('--no-sandbox')
    const begun = Date.now()
    const app = this.spawn(electron, [...flags, join(bundleDirectory(), '..')], ['ignore', 'ignore', 'pipe'])
    const page = await Page.first(await portOf(app), SCHEME)
    const pid = app.pid as number
    return {
      page,
      begun,
      processes: () => appProcesses(pid),
      close: async () => {
        page.close()
        await end(app)
      },
    }
  }

  async close(): Promise<void> {
    for (const child of this.children.splice(0).reverse()) await end(child)
  }

  private spawn(program: string, args: readonly string[], stdio: ('ignore' | 'pipe')[]): ChildProcess {
    const child = spawn(program, args, { env: this.env, stdio })
    child.on('error', () => undefined)
    this.children.push(child)
    return child
  }

  /** Starts what tells on its descriptor 3 where it is to be found. */
  private startAndRead(program: string, args: readonly string[]): Promise<string> {
    const child = this.spawn(program, args, ['ignore', 'ignore', 'ignore', 'pipe'])
    return new Promise((resolve, reject) => {
      let text = ''
      ;(child.stdio[3] as Readable).on('data', (bytes: Buffer) => {
        text += bytes.toString()
        if (text.endsWith('\n')) resolve(text.trim())
      })
      child.once('error', (error) => reject(new Error(`${program} cannot be started: ${error.message}`)))
      child.once('exit', (code) => reject(new Error(`${program} ended with ${code ?? 'a signal'}.`)))
    })
  }
}

function portOf(app: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = ''
    app.stderr?.on('data', (bytes: Buffer) => {
      said = (said + bytes.toString()).slice(-20_000)
      const found = LISTENING.exec(said)
      if (found) resolve(z.coerce.number().parse(found[1]))
    })
    app.once('error', reject)
    app.once('exit', (code) => reject(new Error(`The app ended with ${code ?? 'a signal'}:\n${said}`)))
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const hard = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await gone
  clearTimeout(hard)
}
