import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Desktop } from './support/desktop.ts'
import { launchApp, type RunningApp } from './support/launch.ts'
import { screenshot } from './support/page.ts'

/** The history screen of the real app: a project made and mounted by the real command, changed by real programs. */
let desktop: Desktop
let running: RunningApp
let page: Page
const faults: string[] = []

beforeAll(async () => {
  desktop = await Desktop.start()
  const { user } = desktop
  await user.ize('init', 'thesis')
  await desktop.sh('mkdir -p ~/work/thesis')
  await user.ize('mount', 'thesis', user.path('home/work/thesis'))
  await change('mkdir figures; seq 40 > chapter.md; for n in 1 2 3; do echo $n > figures/plot-$n.svg; done')
  await change("sed -i 's/^7$/seven/' chapter.md")
  await change('rm -r figures')
  running = await launchApp(desktop)
  page = running.page
  page.setDefaultTimeout(30_000)
  page.on('pageerror', (error) => faults.push(error.message))
  await goTo('/p/thesis')
}, 180_000)

afterAll(async () => {
  await running?.close()
  await desktop?.end()
}, 60_000)

/** Runs in the mounted project, until all of it is in history. */
async function change(script: string): Promise<void> {
  await desktop.sh(`cd ~/work/thesis; ${script}`)
  await desktop.user.ize('status', 'thesis', '--wait')
}

async function goTo(route: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(route)}`)
}

const address = (): Promise<URLSearchParams> =>
  page.evaluate('location.hash').then((hash) => new URLSearchParams(String(hash).split('?')[1]))
const rowsWith = (text: string | RegExp) => page.locator('.moments-list .moment').filter({ hasText: text })
const list = (name: string) => page.getByRole('listbox', { name })

test('moments are told by program, with what they deleted', async () => {
  await rowsWith('figures/').getByText('deleted with 3 files').waitFor()
  await rowsWith(/sed.*chapter\.md/).waitFor()
  await screenshot(page, 'history')
})

test('a moment that is chosen lists its files, and the versions of the one that is looked at', async () => {
  await rowsWith('figures/').click()
  await expect.poll(() => list('Files of this moment').getByRole('option').count()).toBe(4)
  await rowsWith(/sed.*chapter\.md/).click()
  const versions = list('Versions of chapter.md').getByRole('option')
  await expect.poll(() => versions.count()).toBe(2)
  await versions.nth(1).click()
  expect((await address()).get('path')).toBe('chapter.md')
  expect((await address()).get('from')).not.toBeNull()
  await page.goBack()
  await expect.poll(async () => (await address()).get('from')).toBeNull()
})

test('what comes while one looks waits for a click, and nothing moves', async () => {
  const before = await rowsWith(/./).count()
  await change('echo more > notes.txt')
  const fresh = page.getByRole('button', { name: /^\d+ new$/ })
  await fresh.waitFor()
  expect(await rowsWith(/./).count()).toBe(before)
  await fresh.click()
  await rowsWith('notes.txt').waitFor()
})

test('keys go through the moments, open them and give names', async () => {
  const moments = page.getByRole('treegrid', { name: 'Moments' })
  await moments.focus()
  await moments.press('Home')
  await moments.press('ArrowDown')
  await expect.poll(async () => (await address()).get('moment')).toMatch(/^\d+-\d+$/)
  await moments.press('ArrowRight')
  await page.locator('.operation').first().waitFor()
  await moments.press('ArrowLeft')
  await moments.press('n')
  await page.getByRole('textbox', { name: 'Name of this moment' }).fill('before rewrite')
  await page.keyboard.press('Enter')
  await rowsWith('before-rewrite').waitFor()
})

test('filters leave what fits, and say so where nothing is left', async () => {
  await page.getByRole('button', { name: 'Deleted', exact: true }).click()
  await expect.poll(() => rowsWith(/./).count()).toBe(1)
  await page.getByRole('button', { name: 'By program' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'sed' }).click()
  await page.getByText('There are none with something deleted, by sed.').waitFor()
  await page.getByRole('button', { name: 'Show all moments' }).click()
  await expect.poll(() => rowsWith(/./).count()).toBeGreaterThan(3)
})

test('the scrubber is a slider that narrows the time and says which', async () => {
  const slider = page.getByRole('slider', { name: 'Part of the history' })
  const spoken = (): Promise<string | null> => slider.getAttribute('aria-valuetext')
  await expect.poll(spoken).toMatch(/to .*, \d+ changes?$/)
  await slider.focus()
  await slider.press('Home')
  await expect.poll(async () => (await address()).get('since')).not.toBeNull()
  await page.getByText(/^There are none in /).waitFor()
  await expect.poll(spoken).toMatch(/, 0 changes$/)
  await slider.press('Escape')
  await expect.poll(async () => (await address()).get('since')).toBeNull()
  await expect.poll(() => rowsWith(/./).count()).toBeGreaterThan(3)
})

test('past text is found, and opens the version that had it', async () => {
  await page.keyboard.press('Control+F')
  await page.keyboard.type('seven')
  const found = list('Found').getByRole('option')
  await found.filter({ hasText: 'chapter.md' }).first().click()
  await expect.poll(async () => (await address()).get('path')).toBe('chapter.md')
  await page.keyboard.press('Control+F')
  await page.keyboard.type('nowhere-at-all')
  await page.getByText('Nothing found').waitFor()
  await page.getByRole('button', { name: 'Clear the search', exact: true }).last().click()
  await rowsWith('figures/').waitFor()
})

test('the tree as it was shows what is deleted by now', async () => {
  await rowsWith('figures/').click()
  await page.getByText('All files then').click()
  const tree = page.getByRole('tree', { name: 'Files as they were' })
  await tree.getByRole('treeitem', { name: 'figures, folder' }).click()
  await tree.getByRole('treeitem', { name: 'plot-2.svg' }).click()
  await expect.poll(async () => (await address()).get('path')).toBe('figures/plot-2.svg')
})

test('all that a program did is taken back', async () => {
  await page.getByText('This moment', { exact: true }).click()
  await page.getByRole('button', { name: 'Undo all that rm did', exact: true }).click()
  await expect
    .poll(() => desktop.sh('cat ~/work/thesis/figures/plot-2.svg').catch(() => ''), { timeout: 30_000 })
    .toBe('2\n')
  await page.getByRole('button', { name: /^\d+ new$/ }).click()
  await rowsWith('You restored').waitFor()
})

test('a moment that is not kept says so', async () => {
  await goTo('/p/thesis?moment=999-999')
  await page.getByText('No longer kept').waitFor()
  await page.getByRole('button', { name: 'Show what is kept' }).click()
  expect(faults).toEqual([])
})
