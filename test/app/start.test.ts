import { readdirSync, readlinkSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isAlive } from '../../src-main/client/is-alive.ts'
import { until } from '../support/until.ts'
import { Desktop } from './support/desktop.ts'
import { launchApp, type RunningApp } from './support/launch.ts'
import { screenshot } from './support/page.ts'

let desktop: Desktop
let running: RunningApp | null = null

beforeEach(async () => {
  desktop = await Desktop.start()
})

afterEach(async () => {
  try {
    await running?.close()
  } finally {
    running = null
    await desktop.end()
  }
})

describe('the app', () => {
  it('starts the engine itself, and shows the projects there are', async () => {
    await desktop.user.ize('init', 'thesis')
    await desktop.user.ize('daemon', 'stop')
    running = await launchApp(desktop)
    await running.page.getByText('thesis').first().waitFor()
    await screenshot(running.page, 'start')
    expect(await running.app.evaluate(({ app }) => [app.getName(), app.getVersion()])).toEqual(['Ize', '0.1.0'])
    // The same engine that the command talks to: of one version.
    const status = await desktop.user.json<{ running: boolean; pid: number }>('daemon', 'status')
    expect(status).toMatchObject({ running: true, pid: desktop.user.enginePid() })
  })

  it('leaves to the engine nothing that is its own, so that it ends whole while the engine goes on', async () => {
    running = await launchApp(desktop)
    await until(() => desktop.user.enginePid() !== null)
    const engine = desktop.user.enginePid() ?? 0
    const sockets = (): string[] =>
      readdirSync(`/proc/${engine}/fd`).map((fd) => readlinkSync(`/proc/${engine}/fd/${fd}`))
    // Its own listens, and the app's connection.
    expect(sockets().filter((target) => target.startsWith('socket:')).length).toBeLessThanOrEqual(2)
    await running.close()
    running = null
    expect(isAlive(engine)).toBe(true)
    await until(() => !programs().includes(desktop.stage.electron))
  })

  it('shows what the command does meanwhile', async () => {
    running = await launchApp(desktop)
    await desktop.user.ize('init', 'made-in-a-terminal')
    await running.page.getByText('made-in-a-terminal').first().waitFor()
  })

  it('is one: started again, it brings its window forward', async () => {
    running = await launchApp(desktop)
    const { stage } = desktop
    const again = desktop.start(stage.electron, ['--disable-gpu', '--disable-dev-shm-usage', stage.root])
    await until(() => again.exitCode !== null)
    expect(again.exitCode).toBe(0)
    expect(await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })

  it.runIf(process.getuid?.() === 0)('runs as root where it has to, without the sandbox', async () => {
    running = await launchApp(desktop, { sandbox: false, env: { HOME: desktop.user.path('root-home') } })
    expect(await running.app.evaluate(({ app }) => app.commandLine.hasSwitch('no-sandbox'))).toBe(true)
    // The window may be there before its page is.
    await expect.poll(() => running?.page.title(), { timeout: 60_000 }).toMatch(/Ize/)
  })
})

/** What every process is that can be looked at. */
function programs(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/exe`)
      } catch {
        return ''
      }
    })
}
