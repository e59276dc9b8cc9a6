import { execFileSync } from 'node:child_process'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isAlive } from '../../src-main/client/is-alive.ts'
import { SmallDisk } from '../support/small-disk.ts'
import { until } from '../support/until.ts'
import { Desktop } from './support/desktop.ts'
import { launchApp, type RunningApp } from './support/launch.ts'
import { screenshot } from './support/page.ts'

// What goes wrong around the real app, and what its window says and does about it.
const root = process.getuid?.() === 0
let desktop: Desktop
let disk: SmallDisk | null = null
let running: RunningApp | null = null
let page: Page
let home: string

beforeAll(async () => {
  desktop = await Desktop.start()
  const { user, stage } = desktop
  home = user.home
  if (root) {
    // The projects on a disk of their own, which can be filled.
    disk = new SmallDisk('tmpfs', user.directory, 256, user.central)
    if (stage.account) execFileSync('chown', [`${stage.account.uid}:${stage.account.gid}`, user.central])
  }
  // A machine of one's own: all its programs, of which some can be taken away.
  await desktop.sh(`mkdir ~/bin ~/work; ln -s /usr/bin/* ~/bin/; cd ~/bin; rm -f node fusermount3
    ln -s "$(PATH=/usr/bin:/bin command -v fusermount3)" fusermount3
    printf '%s\\n' '#!/bin/sh' 'if [ -e ~/broken ]; then echo the machine has lost its libraries >&2; exit 1; fi' \\
      'exec ${stage.node} "$@"' > node; chmod +x node`)
  user.env['PATH'] = `${home}/bin`
  await user.ize('init', 'thesis')
  await user.ize('mount', 'thesis', `${home}/work/thesis`)
  await user.ize('init', 'spare')
  await change('echo one > notes.txt; head -c 40000000 /dev/urandom > large.bin')
  await change('echo small > large.bin; rm notes.txt')
  await user.ize('daemon', 'stop')
  await start()
}, 180_000)

afterAll(async () => {
  try {
    await running?.close()
    await desktop?.user.ize('daemon', 'stop')
  } finally {
    disk?.remove()
    await desktop?.end()
  }
}, 60_000)

async function start(): Promise<void> {
  running = await launchApp(desktop)
  page = running.page
}

/** Runs in the mounted project, until all of it is in history. */
async function change(script: string): Promise<void> {
  await desktop.sh(`cd ~/work/thesis; ${script}`)
  await desktop.user.ize('status', 'thesis', '--wait')
}

const toast = (text: string | RegExp) => page.getByRole('region', { name: 'What was done' }).getByText(text)
const banner = (text: string | RegExp) => page.locator('.banner').filter({ hasText: text })
const goTo = (route: string) => page.evaluate((to) => (location.hash = to), route)
const read = (path: string): Promise<string> => desktop.sh(`cat ~/work/thesis/${path} 2>/dev/null || echo gone`)
const restores = async (): Promise<number> =>
  (await desktop.user.json<{ kind: string }[]>('history', 'thesis')).filter(({ kind }) => kind === 'restore').length

const engine = (): number => desktop.user.enginePid() ?? 0

async function act(project: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${project}` }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

it('from a cold start a deleted file is back after two keystrokes, or one click', async () => {
  const row = page
    .getByRole('list', { name: 'Deleted recently' })
    .getByRole('listitem')
    .filter({ hasText: 'notes.txt' })
  await row.waitFor()
  await page.waitForFunction(() => document.activeElement instanceof HTMLInputElement)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Control+Enter')
  await until(async () => (await read('notes.txt')) === 'one\n')
  await change('rm notes.txt')
  await row.getByRole('button', { name: 'Restore' }).click()
  await until(async () => (await read('notes.txt')) === 'one\n')
})

describe('an engine that is gone', () => {
  it('is started again by itself, and what was asked of the old one is not done twice', async () => {
    // What is pointed at stays as it is.
    await page.mouse.move(2, 2)
    await change('rm notes.txt')
    const before = await restores()
    const row = page
      .getByRole('list', { name: 'Deleted recently' })
      .getByRole('listitem')
      .filter({ hasText: 'notes.txt' })
    await row.waitFor()
    const old = engine()
    // It stands still, so that it ends with the question unanswered.
    process.kill(old, 'SIGSTOP')
    await row.getByRole('button', { name: 'Restore' }).click()
    process.kill(old, 'SIGKILL')
    await toast(/The engine ended before it answered/).waitFor()
    await banner(/The engine ended by itself.*What was saved is safe/).waitFor()
    await screenshot(page, 'engine-restarting')
    await until(() => ![null, old].includes(desktop.user.enginePid()))
    await banner(/engine/).waitFor({ state: 'detached' })
    await desktop.user.ize('status', 'thesis', '--wait')
    expect({ restores: await restores(), file: await read('notes.txt') }).toEqual({ restores: before, file: 'gone\n' })
    // It is mounted again, and can be asked again.
    await row.getByRole('button', { name: 'Restore' }).click()
    await until(async () => (await read('notes.txt')) === 'one\n')
    expect(await restores()).toBe(before + 1)
  })

  it('and cannot be started is said with its log, and tried again when one asks', async () => {
    await desktop.sh('touch ~/broken')
    process.kill(engine(), 'SIGKILL')
    await banner('The engine cannot be started.').waitFor()
    await screenshot(page, 'engine-failed')
    await page.getByRole('button', { name: /^Log/ }).click()
    await page.getByRole('dialog').getByText('the machine has lost its libraries').first().waitFor()
    await screenshot(page, 'engine-log')
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
    // Once more for nothing.
    await page.getByRole('button', { name: 'Start again' }).click()
    await banner('The engine cannot be started.').waitFor()
    await desktop.sh('rm ~/broken')
    await page.getByRole('button', { name: 'Start again' }).click()
    await banner(/engine/i).waitFor({ state: 'detached' })
    // It mounts again what was mounted.
    await until(async () => (await read('notes.txt')) === 'one\n')
  })
})

describe('a mount that fails', () => {
  const helper = (script: string): Promise<string> =>
    desktop.sh(
      `rm -f ~/bin/fusermount3; ${script && `printf '%s\\n' '#!/bin/sh' '${script}' > ~/bin/fusermount3; chmod +x ~/bin/fusermount3`}`,
    )
  // The real helper, where it finds the device missing, or shut.
  const within = (covered: string): string =>
    `exec unshare -rm sh -c "${covered} && exec /usr/bin/fusermount3 \\"\\$@\\"" sh "$@"`

  it('says why, and what to do', async () => {
    await goTo('/')
    await act('spare', 'Mount elsewhere…')
    const folder = page.getByRole('dialog').getByRole('textbox', { name: 'Folder' })
    for (const [script, why] of [
      ['', /fusermount3 is not installed.*Install the package fuse3/],
      [within('mount -t tmpfs tmpfs /dev && touch /dev/null'), /\/dev\/fuse is missing.*modprobe fuse/],
      [within('mount --bind /etc/shadow /dev/fuse'), /\/dev\/fuse may not be opened by you.*0666/],
    ] as const) {
      await helper(script)
      await folder.fill(`${home}/work/spare`)
      await page.keyboard.press('Enter')
      await toast(why).waitFor()
      await screenshot(page, 'mount-failed')
      await page.getByRole('button', { name: 'Dismiss' }).first().click()
      await act('spare', 'Mount elsewhere…')
    }
    await desktop.sh('ln -sf /usr/bin/fusermount3 ~/bin/fusermount3')
    await desktop.sh('mkdir ~/full; echo mine > ~/full/mine.txt')
    for (const [where, why] of [
      [`${home}/full`, /is not empty.*mine\.txt/],
      ['/etc/spare', /it is a folder of the system/],
      ['/opt/spare/here', /the folder cannot be made/],
      [`${home}/work/thesis/inner`, /lies in the project mounted at/],
      [`${home}/full/mine.txt`, /not a folder/],
      [home, /whole home folder/],
    ] as const) {
      await folder.fill(where)
      await page.keyboard.press('Enter')
      await toast(why).waitFor()
      await page.getByRole('button', { name: 'Mount elsewhere' }).last().click()
    }
    await folder.fill(`${home}/work/spare`)
    await page.keyboard.press('Enter')
    await until(async () => (await desktop.sh('mount')).includes(`${home}/work/spare`))
  })
})

it.runIf(root)('a disk that is full while a version is put back leaves what is there, and says so', async () => {
  await goTo('/p/thesis?path=large.bin&from=1')
  const button = page.getByRole('button', { name: 'Restore this version' })
  await button.waitFor()
  disk?.fill()
  await button.click()
  await toast(/disk is full/).waitFor()
  await screenshot(page, 'restore-disk-full')
  expect(await read('large.bin')).toBe('small\n')
  disk?.free()
  // Not mounted it goes another way.
  await desktop.user.ize('unmount', 'thesis')
  disk?.fill()
  await page.getByRole('button', { name: 'Dismiss' }).last().click()
  await button.click()
  await toast(/disk is full/).waitFor()
  disk?.free()
  await desktop.user.ize('mount', 'thesis')
  expect(await read('large.bin')).toBe('small\n')
  await button.click()
  await toast(/Restored large\.bin/).waitFor()
  await expect.poll(() => desktop.sh('stat -c %s ~/work/thesis/large.bin')).toBe('40000000\n')
})

describe('quitting', () => {
  /** Quits with something that waits, while the engine stands still. */
  async function quit(text: string): Promise<void> {
    await desktop.user.ize('pause', 'thesis', '--for', '1h')
    await desktop.sh(`echo ${text} > ~/work/thesis/last.txt`)
    await page.getByText(/\d+ changes? follow/).waitFor()
    process.kill(engine(), 'SIGSTOP')
    await running?.app.evaluate(({ app }) => app.quit())
    await banner(/Quitting: bringing into history what waits in .*thesis \(\d+ changes?\)/).waitFor()
    await screenshot(page, 'quitting')
  }

  it('does not wait when that is asked for; what waits is saved', async () => {
    await goTo('/settings/general')
    await page.getByText('Unmount them', { exact: true }).click()
    await expect.poll(() => page.getByRole('radio', { name: 'Unmount them' }).isChecked()).toBe(true)
    await goTo('/p/thesis')
    await quit('first')
    const gone = new Promise((resolve) => running?.app.process().once('exit', resolve))
    await page.getByRole('button', { name: /^Quit now/ }).click()
    await gone
    running = null
    process.kill(engine(), 'SIGCONT')
    expect(await read('last.txt')).toBe('first\n')
  })

  it('brings what waits into history and unmounts, telling how much is left', async () => {
    await desktop.user.ize('resume', 'thesis')
    await start()
    await goTo('/p/thesis')
    await quit('second')
    const gone = new Promise((resolve) => running?.app.process().once('exit', resolve))
    process.kill(engine(), 'SIGCONT')
    await gone
    running = null
    expect(await desktop.sh('mount')).not.toContain(`${home}/work/`)
    expect(await desktop.user.ize('show', 'thesis', 'last.txt')).toBe('second\n')
    expect(isAlive(engine())).toBe(true)
  })
})
