import type { ChildProcess } from 'node:child_process'
import axe from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { Desktop } from './support/desktop.ts'
import { screenshot } from './support/page.ts'

/** The same window in a browser, by the link of `ize ui`, and what assistive technology finds in it. */
let desktop: Desktop
let browser: Browser
let page: Page
let link: string
let server: ChildProcess
const failures: string[] = []

beforeAll(async () => {
  desktop = await Desktop.start()
  await desktop.sh('mkdir ~/thesis ~/thesis/figures; cd ~/thesis; seq 60 > notes.txt; seq 9 > figures/plot.svg')
  await desktop.user.ize('init', 'thesis', '--from', desktop.user.path('home/thesis'))
  await desktop.user.ize('mount', 'thesis', desktop.user.path('home/work'))
  await desktop.sh('cd ~/work; sed -i s/30/thirty/ notes.txt; rm -r figures')
  await desktop.user.ize('status', 'thesis', '--wait')
  const { stage } = desktop
  server = desktop.start(stage.node, [`${stage.root}/out/cli.cjs`, 'ui', '--json'], ['ignore', 'pipe', 'inherit'])
  let told = ''
  server.stdout?.on('data', (bytes: Buffer) => (told += bytes.toString()))
  await until(() => told.trimEnd().endsWith('}'))
  ;({ link } = JSON.parse(told) as { link: string })
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    // As root it refuses to run with its sandbox; the app's own tests run with it.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  })
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.on('pageerror', (error) => failures.push(error.message))
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) failures.push(message.text())
  })
  await page.goto(link)
}, 180_000)

afterAll(async () => {
  await browser?.close()
  // It would start the engine again.
  const gone = new Promise((resolve) => server.once('exit', resolve))
  server.kill()
  await gone
  await desktop?.end()
}, 60_000)

/** What axe finds wrong in the window, as short lines. */
async function wrong(): Promise<string[]> {
  // As a script of the page it would be refused; the driver may run what it likes.
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }),
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any }) => `${id} ${String(target)} ${any[0]?.message ?? ''}`),
  )
}

test('what was lost is put back from a browser, too', async () => {
  await page.getByRole('button', { name: /Restore folder/ }).click()
  await page.getByText('Restored').first().waitFor()
  await until(async () => (await desktop.sh('cat ~/work/figures/plot.svg 2>/dev/null || true')) !== '')
})

test('the link does not let a second browser in', async () => {
  const other = await browser.newContext()
  const answer = await (await other.newPage()).goto(link)
  expect(answer?.status()).toBe(403)
  await other.close()
})

for (const scheme of ['light', 'dark'] as const) {
  test(`nothing hinders those who read by ear or by contrast, ${scheme}`, { timeout: 180_000 }, async () => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    const found: Record<string, string[]> = {}
    for (const [name, route] of [
      ['entrance', '/'],
      ['history', '/p/thesis?moment=2-2'],
      ['pending', '/p/thesis/pending'],
      ['settings', '/p/thesis/settings'],
      ['storage', '/p/thesis/storage'],
      ['trust', '/p/thesis/trust'],
      ['appearance', '/settings/appearance'],
      ['new', '/new'],
    ] as const) {
      await page.evaluate((to) => (location.hash = to), route)
      await page.waitForLoadState('networkidle')
      await until(async () => (await page.locator('[aria-busy="true"]').count()) === 0)
      await screenshot(page, `browser-${name}-${scheme}`)
      const faults = await wrong()
      if (faults.length > 0) found[name] = faults
    }
    expect(found).toEqual({})
  })
}

test('no script failed, and nothing was refused by the policy', () => {
  expect(failures).toEqual([])
})
