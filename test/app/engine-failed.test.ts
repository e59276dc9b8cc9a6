import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Desktop } from './support/desktop.ts'
import { launchApp, type RunningApp } from './support/launch.ts'
import { screenshot } from './support/page.ts'

// An engine that ends whenever it is started: a copy of the app, whose engine is a program that fails.
let desktop: Desktop
let running: RunningApp
let copy: string

beforeAll(async () => {
  desktop = await Desktop.start()
  const { user, stage } = desktop
  await desktop.sh('mkdir ~/source; cd ~/source; echo one > one.txt; mkdir deep; echo two > deep/two.txt; mkdir ~/into')
  await user.ize('init', 'thesis', '--from', user.path('home/source'))
  await user.ize('daemon', 'stop')
  copy = mkdtempSync(join(tmpdir(), 'ize-failing-'))
  for (const part of [
    'package.json',
    'assets',
    'out',
    'node_modules/libsql',
    'node_modules/@libsql',
    'native/ize.node',
  ])
    cpSync(join(stage.root, part), join(copy, part), { recursive: true, preserveTimestamps: true })
  writeFileSync(join(copy, 'out/engine.cjs'), "process.stderr.write('it cannot be\\n'); process.exit(3)\n")
  execFileSync('chmod', ['-R', 'a+rX', copy])
  running = await launchApp(desktop, { program: { executable: stage.electron, args: [copy] } })
  running.page.setDefaultTimeout(60_000)
}, 180_000)

afterAll(async () => {
  await running?.close()
  await desktop?.end()
  rmSync(copy, { recursive: true, force: true })
}, 60_000)

test('is given up after three more tries; the files are there all the same, to look at and to copy', async () => {
  const { page, app } = running
  await page.getByText('The engine cannot be started.').waitFor()
  await screenshot(page, 'engine-failed')
  await page.getByRole('button', { name: 'Log and plain files…' }).click()
  const dialog = page.getByRole('dialog', { name: 'The engine’s log' })
  await dialog.getByText('it cannot be').first().waitFor()
  await screenshot(page, 'engine-failed-files')
  await app.evaluate(({ dialog: choose, shell }, into) => {
    choose.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [into] })
    shell.openPath = (path: string) => {
      Object.assign(globalThis, { opened: path })
      return Promise.resolve('')
    }
  }, desktop.user.path('home/into'))
  await dialog.getByRole('button', { name: 'Copy the files of thesis to…' }).click()
  await page.getByText(/2 files of thesis copied to .*into\/thesis/).waitFor()
  expect(await desktop.sh('cd ~/into/thesis; cat one.txt deep/two.txt')).toBe('one\ntwo\n')
  await dialog.getByRole('button', { name: 'Open the files of thesis' }).click()
  await expect.poll(() => app.evaluate(() => String((globalThis as { opened?: string }).opened))).toMatch(/working$/)
})

test('runs again once it can, when asked to', async () => {
  const { page } = running
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
  cpSync(join(desktop.stage.root, 'out/engine.cjs'), join(copy, 'out/engine.cjs'))
  execFileSync('chmod', ['a+r', join(copy, 'out/engine.cjs')])
  await page.getByRole('button', { name: 'Start again' }).click()
  await page.getByText('The engine cannot be started.').waitFor({ state: 'detached' })
  await page.getByRole('navigation', { name: 'Projects' }).getByText('thesis').first().waitFor()
})
