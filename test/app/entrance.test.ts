import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { Desktop } from './support/desktop.ts'
import { launchApp, type RunningApp } from './support/launch.ts'
import { dragOver, dropPaths, screenshot } from './support/page.ts'

/** From a first start over a dropped folder to what was lost put back, on the real app. */
let desktop: Desktop
let running: RunningApp
let page: Page

beforeAll(async () => {
  desktop = await Desktop.start()
  await desktop.sh(
    'mkdir -p ~/thesis/figures; cd ~/thesis; echo "an essay on penguins" > old-intro.md; seq 40 > notes.txt',
  )
  await desktop.sh('cd ~/thesis/figures; for n in 1 2 3 4 5; do echo $n > plot-$n.svg; done; echo KEY > ../.env')
  await desktop.user.ize('list')
  running = await launchApp(desktop)
  page = running.page
  page.on('pageerror', (error) => console.error(error))
}, 180_000)

afterAll(async () => {
  await running?.close()
  await desktop?.end()
}, 60_000)

/** Runs in the mounted project, until all of it is in history. */
async function change(script: string): Promise<void> {
  await desktop.sh(`cd ~/Ize/thesis; ${script}`)
  await desktop.user.ize('status', 'thesis', '--wait')
}

const read = (path: string): Promise<string> => desktop.sh(`cat ~/Ize/thesis/${path} 2>/dev/null || echo gone`)
const field = () => page.getByRole('searchbox', { name: 'Which file or folder?' })
const toast = (text: string | RegExp) => page.getByRole('region', { name: 'What was done' }).getByText(text)

test('the first start teaches on one screen', async () => {
  await page.getByRole('heading', { name: 'A folder that remembers everything' }).waitFor()
  await screenshot(page, 'welcome')
})

test('the whole window says that it takes a folder that is dragged over it', async () => {
  const leave = await dragOver(page, [desktop.user.path('home/thesis')])
  await page.getByText('Drop the folder').waitFor()
  await screenshot(page, 'drop')
  await leave()
  await page.mouse.move(5, 5)
  await page.getByText('Drop the folder').waitFor({ state: 'hidden' })
})

test('a file that is dropped is refused with why', async () => {
  await dropPaths(page, [desktop.user.path('home/thesis/notes.txt')])
  await page.getByRole('alert').getByText('is not a folder').waitFor()
})

test('a dropped folder shows what goes in, and becomes a mounted project', async () => {
  await dropPaths(page, [desktop.user.path('home/thesis')])
  await page.getByText(/8 files in/).waitFor()
  await screenshot(page, 'new-project')
  await page.getByRole('button', { name: 'Remember this folder' }).click()
  await until(async () => (await read('old-intro.md')).includes('penguins'))
  await toast(/remembers from now on/).waitFor()
  expect(await page.getByRole('navigation', { name: 'Projects' }).innerText()).toContain('~/Ize/thesis')
})

test('a deleted file is back after three keystrokes from the start', async () => {
  await change('rm -r figures')
  await change('rm old-intro.md')
  await page.getByRole('button', { name: 'Ize', exact: true }).click()
  await page.getByRole('list', { name: 'Deleted recently' }).getByText('old-intro.md').waitFor()
  await page.waitForFunction(() => document.activeElement instanceof HTMLInputElement)
  await screenshot(page, 'entrance')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Control+Enter')
  await until(async () => (await read('old-intro.md')).includes('penguins'))
})

test('Undo takes the restore back, and its own button puts it back again', async () => {
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await until(async () => (await read('old-intro.md')).trim() === 'gone')
  await page.getByRole('button', { name: 'Redo', exact: true }).click()
  await until(async () => (await read('old-intro.md')).includes('penguins'))
})

test('a folder that went whole is one line, and one click brings all of it back', async () => {
  await page.mouse.move(2, 2)
  await page.getByRole('button', { name: 'Restore folder' }).click()
  await until(async () => (await desktop.sh('ls ~/Ize/thesis/figures 2>/dev/null | wc -l')).trim() === '5')
})

test('a sentence that a file once contained finds it', async () => {
  await change('echo "nothing of it" > old-intro.md')
  await field().fill('essay on peng')
  await until(async () => (await page.getByRole('list', { name: 'In their text' }).count()) === 1)
  await screenshot(page, 'search')
})
