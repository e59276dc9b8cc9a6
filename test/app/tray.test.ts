import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { Desktop } from './support/desktop.ts'
import { launchApp, type RunningApp } from './support/launch.ts'
import { clickTray, type MenuLine, startPanel, trayItem, trayMenu } from './support/tray.ts'

/** The tray of the real app, read and clicked over the bus, beside a real panel and a real notification daemon. */
let desktop: Desktop
let running: RunningApp
let item: { name: string; path: string }

beforeAll(async () => {
  desktop = await Desktop.start()
  await startPanel(desktop)
  desktop.start('dunst', [])
  await desktop.user.ize('init', 'thesis')
  await desktop.user.ize('mount', 'thesis', desktop.user.path('home/work'))
  running = await launchApp(desktop)
  item = await trayItem(desktop)
}, 180_000)

afterAll(async () => {
  await running?.close()
  await desktop?.end()
}, 60_000)

const menu = (): Promise<MenuLine[]> => trayMenu(desktop, item)

/** The line that is reached through these labels, each the beginning of one; waited for. */
async function line(...labels: string[]): Promise<MenuLine> {
  let found: MenuLine | undefined
  await until(async () => {
    let lines: readonly MenuLine[] = await menu()
    for (const label of labels) {
      found = lines.find((one) => one.label.startsWith(label))
      lines = found?.lines ?? []
    }
    return found !== undefined
  })
  if (!found) throw new Error(`The tray has no ${labels.join(', ')}.`)
  return found
}

const choose = async (...labels: string[]): Promise<void> => clickTray(desktop, item, (await line(...labels)).id)

test('every project is in it, with what can be done', async () => {
  const { lines } = await line('thesis — all in history')
  expect(lines.map(({ label }) => label)).toEqual(['History', 'Open folder', 'What waits', 'Unmount'])
  expect((await menu()).map(({ label }) => label)).toEqual([
    'Open Ize',
    'thesis — all in history',
    'Pause history for an hour',
    'Preferences…',
    'Quit Ize',
  ])
})

test('history is paused from it and goes on, and what waits is told', async () => {
  await choose('Pause history')
  await desktop.sh('echo while it waits > ~/work/notes.txt')
  await line('thesis — paused')
  await choose('Resume history')
  await line('thesis — all in history')
})

test('a project is unmounted and mounted from it', async () => {
  await choose('thesis', 'Unmount')
  await line('thesis — not mounted')
  expect(await desktop.sh('mount')).not.toContain(desktop.user.path('home/work'))
  await choose('thesis', 'Mount')
  await line('thesis — all in history')
})

test('it stays when the window is closed, says so once, and opens the window again', async () => {
  await running.page.close()
  await until(async () => Number((await desktop.sh('dunstctl count displayed')).trim()) === 1)
  expect(await desktop.sh('dunstctl close-all; dunstctl history')).toContain('Ize goes on remembering')
  const opened = running.app.waitForEvent('window')
  await choose('thesis', 'History')
  const page = await opened
  await until(() => page.url().includes('/p/thesis'))
  running = { ...running, page }
})
