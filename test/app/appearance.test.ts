import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { Desktop } from './support/desktop.ts'
import { unfitting } from './support/fit.ts'
import { launchApp, type RunningApp } from './support/launch.ts'
import { screenshot } from './support/page.ts'

/** Every screen, full and empty and with an error, in windows and with text of other sizes and other colours. */
let desktop: Desktop
let running: RunningApp
let page: Page

beforeAll(async () => {
  desktop = await Desktop.start()
  const { user } = desktop
  const long = 'a-rather-long-name-of-a-file-as-programs-make-them-2026-11-21.tar.gz'
  await user.ize('init', 'thesis')
  await user.ize('init', 'empty')
  await desktop.sh('mkdir -p ~/work/thesis ~/letters/node_modules; echo KEY > ~/letters/.env; seq 9 > ~/letters/a.txt')
  await user.ize('mount', 'thesis', user.path('home/work/thesis'))
  await change(`mkdir -p figures/deep/er; seq 90 > chapter.md; echo x > figures/deep/er/${long}; seq 3 > '${long}'`)
  await change('cp ~/../as-person program.bin 2>/dev/null || head -c 3000 /bin/true > program.bin')
  await change("sed -i 's/^7$/seven of them, in a line that is longer than the others/; s/^70$/seventy/' chapter.md")
  await change('head -c 4000 /bin/true > program.bin; echo of mine >> chapter.md')
  await user.ize('tag', 'thesis', 'submitted')
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

/** Where it is, and what shows that it is there. */
const screens = {
  entrance: ['/', '.recent .row'],
  found: ['/?text=chapter', '.recent .row'],
  'nothing-found': ['/?text=nowhere-at-all', '.notice'],
  new: ['/new', '.notice'],
  'new-preview': ['/new?folder=LETTERS', '.panel.form'],
  'new-refused': ['/new?folder=/', '[role="alert"]'],
  history: ['/p/thesis', '.moment'],
  version: ['/p/thesis?path=chapter.md&from=1', '.diff-row'],
  binary: ['/p/thesis?path=program.bin&from=1', '.version-card, .notice'],
  tree: ['/p/thesis?view=tree', '.tree-row'],
  search: ['/p/thesis?text=seven', '.found'],
  'history-empty': ['/p/empty', '.notice'],
  'history-filtered': ['/p/thesis?program=nobody', '.notice'],
  'history-no-moment': ['/p/thesis?moment=999-999', '.files-place .notice'],
  'history-no-version': ['/p/thesis?path=chapter.md&from=99', '.version-place [role="alert"]'],
  'no-project': ['/p/nothing/storage', '.notice'],
  pending: ['/p/thesis/pending', '.facts-list'],
  'project-settings': ['/p/thesis/settings', '.setting'],
  storage: ['/p/thesis/storage', '.table'],
  trust: ['/p/thesis/trust', '.facts-list'],
  general: ['/settings/general', '.setting'],
  appearance: ['/settings/appearance', '.setting'],
  desktop: ['/settings/desktop', '.setting'],
  about: ['/settings/about', '.licences details'],
} as const

async function show(route: string, sign: string): Promise<void> {
  const to = route.replace('LETTERS', encodeURIComponent(desktop.user.path('home/letters')))
  await page.evaluate((hash) => void (location.hash = hash), to)
  await page.locator(sign).filter({ visible: true }).first().waitFor()
  await until(async () => (await page.locator('[aria-busy="true"]').count()) === 0)
}

/** What axe finds wrong, as short lines. */
async function wrong(): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }),
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any }) => `${id} ${String(target)} ${any[0]?.message ?? ''}`),
  )
}

/** The window as somebody has it: size in pixels of the screen, and how many of them one of the page takes. */
async function size(width: number, height: number, zoom = 1): Promise<void> {
  await running.app.evaluate(
    ({ BrowserWindow }, to) => {
      const [window] = BrowserWindow.getAllWindows()
      window?.setContentSize(to.width, to.height)
      window?.webContents.setZoomFactor(to.zoom)
    },
    { width, height, zoom },
  )
  await page.waitForFunction(
    ([across, down]) => Math.abs(innerWidth - across!) < 3 && Math.abs(innerHeight - down!) < 3,
    [width / zoom, height / zoom],
  )
}

const dialogWindows = [
  [700, 500, 1],
  [1280, 800, 2],
] as const

test('nothing is cut off, and nothing but code scrolls sideways', async () => {
  await size(1280, 800)
  const found: Record<string, string[]> = {}
  for (const [name, [route, sign]] of Object.entries(screens)) {
    await show(route, sign)
    await screenshot(page, name)
    const faults = await unfitting(page)
    if (faults.length > 0) found[name] = faults
  }
  expect(found).toEqual({})
})

test('the dialogs fit, too', async () => {
  const found: Record<string, string[]> = {}
  for (const [width, height, zoom] of dialogWindows) {
    await size(width, height, zoom)
    await show(...screens.history)
    const open = {
      keys: () => page.keyboard.press('F1'),
      palette: () => page.keyboard.press('Control+k'),
      rename: () => command('Rename thesis'),
      undo: async () => {
        await page.locator('.moment').filter({ hasText: 'sed' }).click()
        await page.getByRole('treegrid', { name: 'Moments' }).focus()
        await page.keyboard.press('u')
      },
    }
    for (const [name, act] of Object.entries(open)) {
      await act()
      await page.getByRole('dialog').waitFor()
      await screenshot(page, `dialog-${name}-${width / zoom}`)
      const faults = [...(await unfitting(page)), ...(await wrong())]
      if (faults.length > 0) found[`${name} ${width / zoom}`] = faults
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
    }
  }
  expect(found).toEqual({})
})

async function command(name: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.keyboard.type(name)
  await page.getByRole('option', { name }).waitFor()
  await page.keyboard.press('Enter')
}

test('where the system chooses the colours, what is chosen is still told apart', async () => {
  await size(1280, 800)
  await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' })
  for (const name of ['entrance', 'version', 'storage', 'appearance', 'new-preview'] as const) {
    const [route, sign] = screens[name]
    await show(route, sign)
    await screenshot(page, `${name}-forced`)
  }
  const style = (selector: string, property: string): Promise<string> =>
    page
      .locator(selector)
      .first()
      .evaluate((element, of) => getComputedStyle(element).getPropertyValue(of), property)
  await show(...screens.history)
  await page.locator('.moment').first().click()
  await page.locator('.moments-list .list-row.selected').waitFor()
  const row = '.moments-list .list-row[role="row"]'
  expect(await style(`${row}.selected`, 'border-left-color')).not.toBe(
    await style(`${row}:not(.selected)`, 'border-left-color'),
  )
  expect(await style('.chip.on', 'background-color')).not.toBe(await style('.chip:not(.on)', 'background-color'))
  await show(...screens.storage)
  expect(await style('.tabs [aria-selected="true"]', 'border-bottom-color')).not.toBe(
    await style('.tabs [aria-selected="false"]', 'border-bottom-color'),
  )
  expect(await style('.share.working', 'background-color')).not.toBe(await style('.share.store', 'background-color'))
  await page.emulateMedia({ forcedColors: 'none', colorScheme: 'light' })
})

test('more contrast is given to those who ask for it, and nothing moves for those who ask for that', async () => {
  await show(...screens.entrance)
  const colour = (): Promise<string> =>
    page
      .locator('.row small')
      .first()
      .evaluate((element) => getComputedStyle(element).color)
  const before = await colour()
  const session = await page.context().newCDPSession(page)
  const features = (contrast: string, motion: string) => ({
    features: [
      { name: 'prefers-contrast', value: contrast },
      { name: 'prefers-reduced-motion', value: motion },
    ],
  })
  await session.send('Emulation.setEmulatedMedia', features('more', 'reduce'))
  expect(await colour()).not.toBe(before)
  await page.keyboard.press('F1')
  const scrim = page.locator('.dialog-scrim')
  expect(await scrim.evaluate((element) => parseFloat(getComputedStyle(element).animationDuration))).toBeLessThan(0.01)
  await page.keyboard.press('Escape')
  await session.send('Emulation.setEmulatedMedia', features('', ''))
  await session.detach()
})
