import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { Desktop } from './support/desktop.ts'
import { launchApp, type RunningApp } from './support/launch.ts'
import { screenshot } from './support/page.ts'

/**
 * The history screen on the real app: a project made and mounted by the real command, changed by real programs.
 */
let desktop: Desktop
let running: RunningApp
let page: Page

beforeAll(async () => {
  desktop = await Desktop.start()
  const { user } = desktop
  await user.ize('init', 'thesis')
  await desktop.sh('mkdir -p ~/work/thesis')
  await user.ize('mount', 'thesis', user.path('home/work/thesis'))
  await change(
    'mkdir figures; echo one > notes.txt; seq 40 > chapter-3.md; for n in 1 2 3; do echo $n > figures/plot-$n.svg; done',
  )
  await change("sed -i 's/^7$/seven/' chapter-3.md")
  await change('rm -r figures')
  running = await launchApp(desktop)
  page = running.page
  page.on('pageerror', (error) => console.error(error))
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
  await page.evaluate((hash) => (location.hash = hash), route)
}

const moments = () => page.getByRole('treegrid', { name: 'Moments' })
const row = (text: string | RegExp) => moments().getByRole('row').filter({ hasText: text })

test('moments are told by program, with what they deleted', async () => {
  await row('chapter-3.md').first().waitFor()
  await expect.poll(() => row(/rm.*figures\/.*deleted/).count()).toBe(1)
  await screenshot(page, 'history')
})
