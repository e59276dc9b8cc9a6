import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Desktop } from './support/desktop.ts'
import { focusOn, tabThrough, withoutName } from './support/focus.ts'
import { launchApp, type RunningApp } from './support/launch.ts'

/** All of the real app without a pointer: what is reached, that one sees where one is, and that one never gets lost. */
let desktop: Desktop
let running: RunningApp
let page: Page

beforeAll(async () => {
  desktop = await Desktop.start()
  const { user } = desktop
  await user.ize('init', 'thesis')
  await user.ize('init', 'website')
  await desktop.sh('mkdir -p ~/work/thesis ~/letters; echo dear > ~/letters/one.txt')
  await user.ize('mount', 'thesis', user.path('home/work/thesis'))
  await change('mkdir figures; seq 90 > chapter.md; for n in 1 2 3; do echo $n > figures/plot-$n.svg; done')
  await change("sed -i 's/^7$/seven/; s/^70$/seventy/' chapter.md")
  await change('cp chapter.md copy.md; echo of mine >> chapter.md')
  await change('rm -r figures')
  running = await launchApp(desktop)
  page = running.page
  page.setDefaultTimeout(30_000)
}, 180_000)

afterAll(async () => {
  await running?.close()
  await desktop?.end()
}, 60_000)

async function change(script: string): Promise<void> {
  await desktop.sh(`cd ~/work/thesis; ${script}`)
  await desktop.user.ize('status', 'thesis', '--wait')
}

const inProject = (path: string): Promise<string> => desktop.sh(`cat ~/work/thesis/${path} 2>/dev/null || echo gone`)
const focus = (): Promise<string> => focusOn(page)
const soon = <T>(ask: () => Promise<T>) => expect.poll(ask, { timeout: 30_000 })
const hash = (): Promise<string> => page.evaluate(() => location.hash)
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}
const goTo = (route: string): Promise<void> => page.evaluate((to) => void (location.hash = to), route)
/** Text of the row that keys act on, in the list that has the focus. */
const activeRow = (): Promise<string> =>
  page.evaluate(() => {
    const id = document.activeElement?.getAttribute('aria-activedescendant') ?? ''
    return document.getElementById(id)?.textContent ?? ''
  })
/** Presses the tabulator until this has the focus. */
async function tabTo(name: string | RegExp): Promise<void> {
  const fits = (text: string): boolean => (typeof name === 'string' ? text === name : name.test(text))
  for (let presses = 0; presses < 90; presses++) {
    if (fits(await focus())) return
    await press('Tab')
  }
  throw new Error(`The tabulator does not reach ${String(name)}; it is at ${await focus()}.`)
}

test('what is deleted is put back, and that is undone, from the field that has the focus at first', async () => {
  await soon(focus).toBe('input')
  await page.getByRole('list', { name: 'Deleted recently' }).getByText('figures/').waitFor()
  await press('ArrowDown', 'Control+Enter')
  await soon(() => inProject('figures/plot-1.svg')).toBe('1\n')
  await page.getByRole('region', { name: 'What was done' }).getByText('Restored').waitFor()
  await soon(focus).not.toBe('nothing')
  await press('Control+z')
  await soon(() => inProject('figures/plot-1.svg')).toBe('gone\n')
  await page.keyboard.press('Home')
  await press('ArrowUp')
  await soon(focus).toBe('input')
})

test('what is typed is searched, the arrows go into what was found, and Escape takes it back', async () => {
  await page.keyboard.type('chapter')
  await page.getByRole('list', { name: 'Files and folders' }).getByText('chapter.md').waitFor()
  await press('ArrowDown')
  await soon(focus).toMatch(/^chapter\.md/)
  await press('ArrowUp', 'Escape')
  await page.getByRole('list', { name: 'Deleted recently' }).waitFor()
  expect(await focus()).toBe('input')
})

test('the projects are gone through by arrows, and Enter opens one', async () => {
  await press('Shift+F6')
  await soon(focus).toBe('Ize')
  await tabTo(/^.?thesis/)
  await press('ArrowDown')
  expect(await focus()).toMatch(/website/)
  await press('ArrowUp', 'Enter')
  await soon(hash).toContain('#/p/thesis')
})

test('the menu of a project opens by keys, and a dialog from it gives the focus back', async () => {
  await press('Shift+F10')
  await page.getByRole('menu').waitFor()
  await page.keyboard.type('ren')
  await soon(focus).toMatch(/^Rename/)
  await press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Rename thesis' })
  await dialog.waitFor()
  await page.waitForFunction(() => document.activeElement?.closest('[role="dialog"]') !== null)
  await press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  await soon(focus).toMatch(/thesis/)
})

test('from moments to files to the version and back: Enter leads on, Escape leads back', async () => {
  await page.locator('.moments-list .moment').first().waitFor()
  for (let parts = 0; parts < 8 && (await focus()) !== 'Moments'; parts++) await press('F6')
  expect(await focus()).toBe('Moments')
  await press('Home')
  for (let rows = 0; rows < 20 && !(await activeRow()).includes('sed'); rows++) await press('ArrowDown')
  await page.getByRole('listbox', { name: 'Files of this moment' }).getByText('chapter.md').waitFor()
  await press('Enter')
  await soon(focus).toBe('Files of this moment')
  await press('Enter')
  await soon(focus).toBe('The version')
  await press('Escape')
  await soon(focus).toBe('Files of this moment')
  await press('ArrowLeft')
  await soon(focus).toBe('Moments')
})

test('a moment is taken back by a letter, and its dialog answered by keys', async () => {
  await goTo('/p/thesis?program=sed')
  await page.locator('.moments-list .moment').filter({ hasText: 'sed' }).waitFor()
  await tabTo('Moments')
  await press('Home', 'u')
  const dialog = page.getByRole('dialog', { name: /Undo all that sed did/ })
  await dialog.waitFor()
  await tabTo(/What becomes of chapter.md/)
  await press('ArrowDown', 'ArrowUp')
  await tabTo('Undo this moment')
  await press('Enter')
  await dialog.waitFor({ state: 'hidden' })
  expect(await inProject('chapter.md')).toMatch(/^seventy$/m)
  await soon(focus).toBe('Moments')
})

test('the versions of a file are gone through, compared change by change, and lines put back', async () => {
  await goTo('/p/thesis?path=chapter.md&from=1')
  const table = page.getByRole('table', { name: /What differs in chapter.md/ })
  await table.waitFor()
  await soon(focus).not.toBe('nothing')
  await tabTo(/^What differs/)
  await press('n', 'n')
  await page.locator('.version-count', { hasText: '2 / ' }).waitFor()
  await press('p')
  await page.locator('.version-count', { hasText: '1 / ' }).waitFor()
  await press(']')
  await page.locator('.version-header', { hasText: 'version 2' }).waitFor()
  await soon(focus).toMatch(/^What differs/)
  await press('[')
  await page.locator('.diff-cell.removed .word, .diff-cell.removed', { hasText: '7' }).first().waitFor()
  await tabTo('Restore these lines')
  await press('Enter')
  await soon(() => inProject('chapter.md')).toMatch(/^7$/m)
  await soon(focus).not.toBe('nothing')
  await press('Control+z')
  await soon(() => inProject('chapter.md')).toMatch(/^seven$/m)
  await press('Control+Enter')
  await soon(() => inProject('chapter.md')).not.toContain('of mine')
  await press('Control+z')
  await soon(() => inProject('chapter.md')).toContain('of mine')
  await soon(focus).not.toBe('nothing')
})

test('the tree is unfolded by arrows', async () => {
  await goTo('/p/thesis?view=tree')
  await page.getByRole('tree').getByText('chapter.md').waitFor()
  await tabTo('Deleted ones too')
  await press('Space', 'Tab')
  expect(await focus()).toBe('Files as they were')
  await page.getByRole('treeitem', { name: /figures/ }).waitFor()
  await press('Home')
  for (let rows = 0; rows < 9 && !(await activeRow()).includes('figures'); rows++) await press('ArrowDown')
  await press('ArrowRight')
  await page.getByRole('treeitem', { name: /plot-2.svg/ }).waitFor()
})

test('the bar of time and the filters', async () => {
  await goTo('/p/thesis')
  await page.locator('.moments-list .moment').first().waitFor()
  await tabTo('Part of the history')
  await press('Home')
  await soon(hash).toContain('since=')
  await press('Escape')
  await soon(hash).not.toContain('since=')
  await press('Control+f')
  await tabTo('By program')
  await press('Enter')
  await page.getByRole('menuitemcheckbox', { name: 'rm' }).waitFor()
  await page.keyboard.type('rm')
  await press('Enter')
  await soon(hash).toContain('program=rm')
  await soon(focus).toBe('rm')
})

test('the palette leads anywhere; left alone it gives the focus back', async () => {
  await goTo('/p/thesis')
  await page.locator('.moments-list .moment').first().waitFor()
  await tabTo('Moments')
  await press('Control+k')
  await page.getByRole('dialog', { name: 'Find anything' }).waitFor()
  await press('Escape')
  await soon(focus).toBe('Moments')
  await press('Control+k')
  await page.keyboard.type('storage of')
  await page.getByRole('option', { name: 'Storage of thesis' }).waitFor()
  await press('Enter')
  await soon(hash).toBe('#/p/thesis/storage')
  await soon(focus).toBe('Storage')
  await press('ArrowRight')
  await soon(hash).toBe('#/p/thesis/trust')
  expect(await focus()).toBe('Trust')
})

test('what cannot be used while it works keeps the focus', async () => {
  await tabTo('Check now')
  await press('Enter')
  await page.getByText('All is whole:').waitFor()
  expect(await focus()).toBe('Check now')
})

test('the keys are told by a key, and the settings changed', async () => {
  await press('Control+,')
  await soon(focus).toBe('General')
  await press('F1')
  const keys = page.getByRole('dialog', { name: 'Keys' })
  await keys.getByText('Older and newer version').waitFor()
  await press('Escape')
  await keys.waitFor({ state: 'hidden' })
  expect(await focus()).toBe('General')
  await press('ArrowRight')
  await soon(focus).toBe('Appearance')
  await tabTo(/^As the system/)
  await press('ArrowRight', 'ArrowRight')
  await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark')
  await press('ArrowLeft', 'ArrowLeft')
})

test('a folder becomes a project without a pointer', async () => {
  const folder = desktop.user.path('home/letters')
  await running.app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] })
  }, folder)
  await goTo('/new')
  await tabTo('Choose a folder…')
  await press('Enter')
  await soon(() => page.evaluate(() => document.activeElement?.getAttribute('value') ?? '')).toBe('letters')
  await tabTo('Remember this folder')
  await press('Enter')
  await soon(() => desktop.sh('cat ~/Ize/letters/one.txt 2>/dev/null || true')).toBe('dear\n')
  await soon(focus).not.toBe('nothing')
})

const screens = {
  entrance: ['/', '.recent .row'],
  history: ['/p/thesis', '.moment'],
  version: ['/p/thesis?path=chapter.md&from=2', '.diff-row'],
  tree: ['/p/thesis?view=tree&path=chapter.md', '.tree-row'],
  search: ['/p/thesis?text=seven', '.found'],
  pending: ['/p/thesis/pending', '.facts-list'],
  'project settings': ['/p/thesis/settings', '.setting'],
  storage: ['/p/thesis/storage', '.table'],
  trust: ['/p/thesis/trust', '.facts-list'],
  general: ['/settings/general', '.setting'],
  appearance: ['/settings/appearance', '.setting'],
  desktop: ['/settings/desktop', '.setting .switch'],
  about: ['/settings/about', '.licences details'],
  new: ['/new', '.notice button'],
} as const

for (const [name, [route, sign]] of Object.entries(screens)) {
  test(`all of ${name} is reached, seen and named`, async () => {
    await goTo(route)
    await page.locator(sign).first().waitFor()
    await soon(() => page.locator('[aria-busy="true"]').count()).toBe(0)
    const stops = await tabThrough(page)
    expect(stops.length).toBeGreaterThan(4)
    expect(stops.filter(({ ring, inSight }) => !ring || !inSight)).toEqual([])
    expect(await withoutName(page)).toEqual([])
  })
}
