import { readdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { Desktop } from './support/desktop.ts'
import { answerFolder } from './support/dialogs.ts'
import { launchApp, type RunningApp } from './support/launch.ts'
import { dropPaths, screenshot } from './support/page.ts'

/** What becomes of projects in the real app: folders taken in or refused, renamed, written elsewhere, made plain, removed. */
let desktop: Desktop
let running: RunningApp
let page: Page
let home: string
const MANY = 100_000

beforeAll(async () => {
  desktop = await Desktop.start()
  home = desktop.user.home
  await desktop.sh(`mkdir ~/thesis ~/thesis/figures ~/work ~/shut ~/private ~/export
    cd ~/thesis; seq 40 > chapter.md; chmod 640 chapter.md; ln -s chapter.md latest
    seq 3000 | split -l 1 -a 4 -d - figures/plot-
    mkdir ~/private/locked; chmod 000 ~/shut ~/private/locked
    ln -s ~/thesis ~/link; ln -s nowhere ~/dangling; ln -s ~/thesis/chapter.md ~/link-to-file
    mkdir ~/many; cd ~/many; seq ${MANY} | split -l 1 -a 5 -d -`)
  const { user } = desktop
  await user.ize('init', 'thesis', '--from', `${home}/thesis`)
  await user.ize('mount', 'thesis', `${home}/work/thesis`)
  await user.ize('init', 'notes')
  await user.ize('mount', 'notes', `${home}/work/notes`)
  await desktop.sh('echo one > ~/work/notes/a.txt')
  running = await launchApp(desktop)
  page = running.page
}, 240_000)

afterAll(async () => {
  await running?.close()
  await desktop?.end()
}, 60_000)

const toast = (text: string | RegExp) => page.getByRole('region', { name: 'What was done' }).getByText(text)
const goTo = (route: string) => page.evaluate((to) => (location.hash = to), route)
const names = async (): Promise<string[]> =>
  (await desktop.user.json<{ name: string }[]>('list')).map(({ name }) => name)
/** What lies in the central directory, half-made things too. */
const kept = (): string[] => readdirSync(`${desktop.user.central}/projects`)
/** Everything that counts of a tree, but for times. */
const tree = (folder: string): Promise<string> =>
  desktop.sh(
    `cd ${folder}; find . -mindepth 1 -printf '%P %y %m %l\\n' | sort; find . -type f | sort | xargs sha256sum`,
  )

async function act(project: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${project}` }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

test.each([
  ['a file', 'thesis/chapter.md', /is not a folder/],
  ['a link to a file', 'link-to-file', /is not a folder/],
  ['a link that leads nowhere', 'dangling', /does not exist or may not be read/],
  ['a folder that may not be read', 'shut', /may not be read/],
  ['a folder with one in it that may not be read', 'private', /may not be read/],
  ['a mounted project', 'work/thesis', /lies in the mounted project at .*work\/thesis/],
  ['a folder in a mounted project', 'work/thesis/figures', /lies in the mounted project at .*work\/thesis/],
  ['a folder that holds a mounted project', 'work', /holds the mounted project at .*work\//],
  ['the whole machine', '/', /holds the mounted project|holds the central directory/],
])('%s is refused with why', async (_what, path, why) => {
  await dropPaths(page, [path.startsWith('/') ? path : `${home}/${path}`])
  await page.getByRole('main').getByRole('alert').filter({ hasText: why }).waitFor()
  expect(await page.getByRole('button', { name: 'Remember this folder' }).count()).toBe(0)
})

test('of two folders the first is taken, and a link to a folder is what it leads to', async () => {
  await dropPaths(page, [`${home}/link`, `${home}/export`])
  await toast('One folder at a time').waitFor()
  await page.getByText(/3,00\d files in/).waitFor()
})

test('a name in use is said before anything is done', async () => {
  await dropPaths(page, [`${home}/thesis`])
  const field = page.getByRole('textbox', { name: 'Name' })
  // One that is free is proposed.
  await expect.poll(() => field.inputValue()).toBe('thesis 2')
  await field.fill('Thesis')
  await page.getByText('There is a project named thesis already: choose another name.').waitFor()
  expect(await page.getByRole('button', { name: 'Remember this folder' }).isDisabled()).toBe(true)
})

test('looking at a large folder can be cancelled, and is let go of by the engine too', async () => {
  const engine = desktop.user.enginePid() ?? 0
  const threads = (): number => readdirSync(`/proc/${engine}/task`).length
  const before = threads()
  // While it stands still the look cannot be over before it is cancelled.
  process.kill(engine, 'SIGSTOP')
  try {
    await dropPaths(page, [`${home}/many`])
    await page.getByText('Looking at what is in it').waitFor()
    await screenshot(page, 'projects-looking')
    await page.getByRole('button', { name: 'Cancel', exact: true }).click()
    await page.getByRole('heading', { name: 'Which file or folder?' }).waitFor()
  } finally {
    process.kill(engine, 'SIGCONT')
  }
  await until(() => threads() <= before)
})

test(
  'a folder of 100,000 files answers, and cancelled half way nothing of it is left',
  { timeout: 240_000 },
  async () => {
    const before = kept()
    await dropPaths(page, [`${home}/many`])
    await page.getByText('100,000 files in').waitFor()
    await page.getByRole('button', { name: 'Remember this folder' }).click()
    const work = page.getByRole('list', { name: 'Work that goes on' })
    // Some of it is there, and not all.
    await work.getByText(/^[1-9].* of 589 KB/).waitFor()
    expect(kept().length).toBe(before.length + 1)
    await screenshot(page, 'projects-importing')
    await work.getByRole('button', { name: 'Cancel: Bringing in many' }).click()
    await toast('Cancelled: Bringing in many.').waitFor()
    expect(kept()).toEqual(before)
    expect(await names()).toEqual(['notes', 'thesis'])
    expect(await desktop.sh('ls ~/many | wc -l; ls -d ~/Ize 2>/dev/null || echo none')).toBe(`${MANY}\nnone\n`)
    await page.getByRole('button', { name: 'Remember this folder' }).waitFor()
  },
)

test('a project is renamed where no other has the name, its screen follows, and Undo takes that back', async () => {
  await goTo('/p/notes/settings')
  await act('notes', 'Rename…')
  const field = page.getByRole('dialog').getByRole('textbox', { name: 'Name' })
  await field.fill('THESIS')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByText('There is already a project').waitFor()
  await field.fill('diary')
  await page.keyboard.press('Enter')
  await toast('notes is now called diary.').waitFor()
  await page.getByRole('heading', { name: 'diary' }).waitFor()
  expect(await names()).toEqual(['diary', 'thesis'])
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await toast('It is called notes again.').waitFor()
  expect(await page.evaluate(() => location.hash)).toBe('#/p/notes/settings')
})

test('all of a project is written elsewhere, with how far it is; never over what is there', async () => {
  await answerFolder(running.app, `${home}/thesis`)
  await act('thesis', 'Export…')
  await toast(/not empty/).waitFor()
  await page.evaluate(() => {
    const told: string[] = []
    new MutationObserver(() => told.push(document.querySelector('.works')?.textContent ?? '')).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    })
    Object.assign(window, { told })
  })
  await answerFolder(running.app, `${home}/export`)
  await act('thesis', 'Export…')
  await toast(/3,00\d files written to/).waitFor()
  const told = await page.evaluate(() => (window as unknown as { told: string[] }).told)
  expect(told.filter((text) => /Exporting thesis.*\d files/.test(text))).not.toEqual([])
  expect(await tree('~/export')).toBe(await tree('~/work/thesis'))
})

test('what is no longer to be remembered is a plain folder at the same place', async () => {
  const before = await tree('~/work/thesis')
  await goTo('/p/thesis/settings')
  await page.getByRole('button', { name: 'Stop remembering…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/compared byte for byte before anything is removed/).waitFor()
  const stop = dialog.getByRole('button', { name: 'Stop remembering' })
  expect(await stop.isDisabled()).toBe(true)
  await dialog.getByRole('textbox').fill('thesis')
  await screenshot(page, 'projects-stop')
  await stop.click()
  await toast(/thesis is a plain folder again: 3,00\d files in/).waitFor()
  expect(await tree('~/work/thesis')).toBe(before)
  expect(await desktop.sh('mount')).not.toContain(`${home}/work/thesis`)
  // It can be written, and nobody remembers.
  await desktop.sh('echo more >> ~/work/thesis/chapter.md')
  expect(await names()).toEqual(['notes'])
  expect(kept()).toHaveLength(1)
  await page.getByRole('heading', { name: 'Which file or folder?' }).waitFor()
})

test('a project is removed once its name was typed, and not before', async () => {
  await act('notes', 'Remove…')
  const dialog = page.getByRole('dialog', { name: 'Remove notes?' })
  await dialog.getByText(/leave this computer for good: .* 1 versions? of them/).waitFor()
  const remove = dialog.getByRole('button', { name: 'Remove for good' })
  const name = dialog.getByRole('textbox')
  await name.fill('note')
  expect(await remove.isDisabled()).toBe(true)
  await name.press('Enter')
  expect(await names()).toEqual(['notes'])
  await name.fill('notes')
  await screenshot(page, 'projects-remove')
  await remove.click()
  await toast('notes was removed.').waitFor()
  expect(kept()).toEqual([])
  expect(await desktop.sh('mount')).not.toContain(`${home}/work/notes`)
  await page.getByRole('heading', { name: 'A folder that remembers everything' }).waitFor()
})
