import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { Desktop } from './support/desktop.ts'
import { answerFolder } from './support/dialogs.ts'
import { launchApp, type RunningApp } from './support/launch.ts'
import { screenshot } from './support/page.ts'

/** What can be done with what is found, in the real app: found by the palette, copied, opened, dragged out, compared, taken back. */
let desktop: Desktop
let running: RunningApp
let page: Page
let home: string
const faults: string[] = []
const first = 'one\ntwo\nthree\n'

beforeAll(async () => {
  desktop = await Desktop.start()
  home = desktop.user.home
  // Whatever opens a file on this desktop says which, and keeps a copy of what it was given.
  await desktop.sh(`mkdir ~/bin ~/Desktop
    printf '%s\\n' '#!/bin/sh' 'stat -c "%a %n" "$1" > ~/opened; cp "$1" ~/opened.copy' > ~/bin/xdg-open; chmod +x ~/bin/xdg-open`)
  desktop.user.env['PATH'] = `${home}/bin:${desktop.user.env['PATH'] ?? ''}`
  await desktop.user.ize('init', 'thesis')
  await desktop.user.ize('mount', 'thesis', `${home}/thesis`)
  await change(`printf '${first.replaceAll('\n', '\\n')}' > chapter.md; for n in a b c d; do echo old > $n.txt; done
    seq -s, 400 > wide.csv`)
  await change('echo new | tee a.txt b.txt c.txt d.txt > /dev/null')
  await change(
    `sed -i s/two/zwei/ chapter.md; sed -i s/,7,/,seven,/ wide.csv; for n in a b c; do echo mine > $n.txt; done`,
  )
  await change('echo gone > gone.txt')
  await change('rm gone.txt')
  running = await launchApp(desktop)
  page = running.page
  page.on('pageerror', (error) => faults.push(error.message))
  await show('chapter.md', { from: '1' })
}, 180_000)

afterAll(async () => {
  await running?.close()
  await desktop?.end()
}, 60_000)

/** Runs in the mounted project, until all of it is in history. */
async function change(script: string): Promise<void> {
  await desktop.sh(`cd ~/thesis; ${script}`)
  await desktop.user.ize('status', 'thesis', '--wait')
}

const toast = (text: string | RegExp) => page.getByRole('region', { name: 'What was done' }).getByText(text)
const read = (path: string): Promise<string> => desktop.sh(`cat ~/${path}`)
const hash = (): Promise<string> => page.evaluate(() => location.hash)
const goTo = (route: string) => page.evaluate((to) => (location.hash = to), route)
const show = (path: string, place: Record<string, string>) =>
  goTo(`/p/thesis?${new URLSearchParams({ path, ...place }).toString()}`)
const cell = (kind: 'removed' | 'added', text: string) => page.locator(`.diff-cell.${kind}`).filter({ hasText: text })

test('the palette finds files, what is deleted, seals and commands, by keys alone', async () => {
  const found = page.getByRole('option')
  const type = async (text: string): Promise<void> => {
    await page.keyboard.press('Control+K')
    await page.getByRole('combobox', { name: 'Find anything' }).waitFor()
    await page.keyboard.type(text)
  }
  await type('gone.t')
  await found.filter({ hasText: 'deleted · thesis' }).waitFor()
  await screenshot(page, 'palette')
  await page.keyboard.press('Enter')
  await expect.poll(hash).toContain('path=gone.txt')
  const [{ seal }] = await desktop.user.json<[{ seal: { name: string } }]>('history', 'thesis')
  await type(seal.name)
  await found.filter({ hasText: 'Version “' }).waitFor()
  await page.keyboard.press('Enter')
  await expect.poll(hash).toContain('view=tree')
  await type('storage of')
  await found.filter({ hasText: 'Storage of thesis' }).waitFor()
  await page.keyboard.press('Enter')
  await expect.poll(hash).toBe('#/p/thesis/storage')
  // Arrows go through what is found, whatever is first.
  await type('setting')
  await found.filter({ hasText: 'Settings of thesis' }).waitFor()
  while (!(await page.locator('[cmdk-item][data-selected="true"]').innerText()).endsWith('Settings'))
    await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect.poll(hash).toBe('#/settings/general')
  await type('no such thing at all')
  await page.getByText('Nothing fits.').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('combobox', { name: 'Find anything' }).waitFor({ state: 'detached' })
  expect(await hash()).toBe('#/settings/general')
})

test('a version is copied where one likes, and nothing is ever replaced', async () => {
  await show('chapter.md', { from: '1' })
  const copy = page.getByRole('button', { name: 'Copy to…' })
  await answerFolder(running.app, null)
  await copy.click()
  await answerFolder(running.app, `${home}/Desktop`)
  await copy.click()
  await toast(/^Copied to .*\/Desktop\/chapter .*\.md\.$/).waitFor()
  await copy.click()
  await expect.poll(() => desktop.sh('ls -A ~/Desktop | wc -l')).toBe('2\n')
  expect(await desktop.sh('cat ~/Desktop/*')).toBe(first + first)
  await answerFolder(running.app, `${home}/thesis`)
  await copy.click()
  await toast(/lies in the mounted project/).waitFor()
})

test('a version opens in the program for its type, as a copy that cannot be written', async () => {
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await until(async () => (await desktop.sh('cat ~/opened.copy 2>/dev/null || true')) === first)
  expect(await read('opened')).toMatch(/^400 .*\/\d{4}-\d\d-\d\d \d\d\.\d\d chapter\.md\n$/)
})

test('a version is dragged out of the window as a file', async () => {
  await running.app.evaluate(({ BrowserWindow }) => {
    const [contents] = BrowserWindow.getAllWindows().map((window) => window.webContents)
    if (!contents) return
    const dragged: string[] = []
    Object.assign(globalThis, { dragged })
    contents.startDrag = (item) => void dragged.push('file' in item ? item.file : '')
  })
  const title = page.locator('.version-title h2')
  const box = (await title.boundingBox())!
  await page.mouse.move(box.x + 5, box.y + 5)
  await page.mouse.down()
  await page.mouse.move(box.x + 40, box.y + 60, { steps: 8 })
  let dragged: string[] = []
  await until(async () => {
    dragged = await running.app.evaluate(() => (globalThis as unknown as { dragged: string[] }).dragged)
    return dragged.length > 0
  })
  await page.mouse.up()
  expect(await desktop.sh(`cat "$(printf '%s' '${dragged[0] ?? ''}')"`)).toBe(first)
  expect(dragged[0]).toMatch(/ chapter\.md$/)
})

test('the sides are swapped and swapped back', async () => {
  await show('chapter.md', { from: '1' })
  await cell('removed', 'two').waitFor()
  await cell('added', 'zwei').waitFor()
  await page.getByRole('button', { name: 'Swap the sides' }).click()
  await cell('removed', 'zwei').waitFor()
  await cell('added', 'two').waitFor()
  await page.getByRole('button', { name: 'Swap the sides' }).click()
  await cell('removed', 'two').waitFor()
})

test('long lines are wrapped when that is chosen, and stay so', async () => {
  await show('wide.csv', { from: '1' })
  await cell('added', 'seven').waitFor()
  const height = async (): Promise<number> => (await page.locator('.diff-row').first().boundingBox())?.height ?? 0
  const before = await height()
  await page.getByRole('button', { name: 'How it is shown' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Wrap long lines' }).click()
  await expect.poll(height).toBeGreaterThan(before * 2)
  await screenshot(page, 'version-wrapped')
  await page.reload()
  await expect.poll(height).toBeGreaterThan(before * 2)
  await page.getByRole('button', { name: 'How it is shown' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Wrap long lines' }).click()
  await expect.poll(height).toBe(before)
})

test('a whole moment is taken back, and what changed since is kept, put back, or both', async () => {
  await goTo('/p/thesis')
  await page.locator('.moments-list .moment').filter({ hasText: 'tee' }).click()
  await page.getByRole('button', { name: 'Undo all that tee did', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Undo all that tee did' })
  await dialog.getByText('1 path will be put back. 3 paths were changed since: choose for each.').waitFor()
  await dialog.getByLabel('What becomes of b.txt').selectOption({ label: 'Put back' })
  await dialog.getByLabel('What becomes of c.txt').selectOption({ label: 'Both' })
  await screenshot(page, 'undo-moment')
  await dialog.getByRole('button', { name: 'Undo this moment' }).click()
  await toast(/3 paths put back as before\. 2 paths that changed since stay as now\./).waitFor()
  expect(await desktop.sh('cd ~/thesis; head a.txt b.txt c.txt d.txt')).toMatch(/mine[^]*old[^]*mine[^]*old/)
  expect(await desktop.sh('cd ~/thesis; cat "c ("*')).toBe('old\n')
  // Undo takes all of it back at once.
  await page.keyboard.press('Control+Z')
  await expect
    .poll(() => desktop.sh('cd ~/thesis; cat ?.txt | xargs; ls "c ("* 2>/dev/null || true'))
    .toBe('mine mine mine new\n')
})

test('a version that is let go of while it is looked at says so, and offers nothing', async () => {
  await show('chapter.md', { from: '1' })
  await cell('removed', 'two').waitFor()
  await page.getByRole('button', { name: 'Restore this version' }).waitFor()
  await desktop.user.ize('prune', 'thesis', '--keep', '1 version')
  await page.getByText('Not kept any more').waitFor()
  await screenshot(page, 'version-pruned')
  expect(await page.getByRole('button', { name: /^(Restore this version|Copy to…|Open)$/ }).count()).toBe(0)
  await page.getByRole('button', { name: 'Show the newest version' }).click()
  await page.getByText('zwei').first().waitFor()
})

test('no script failed', () => {
  expect(faults).toEqual([])
})
