import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Desktop } from './support/desktop.ts'
import { launchApp, type RunningApp } from './support/launch.ts'
import { screenshot } from './support/page.ts'

/** Names and contents that would be more than text if they could: markup, terminal codes, turned reading, endless lines. */
let desktop: Desktop
let running: RunningApp
let page: Page
const faults: string[] = []
const project = 'pro\u202eject <b>x'
const names = [
  '<img src=x onerror="hit=1">.md',
  'evil\u202etxt.exe',
  'red\u001b[31m\u0007bell.txt',
  'two\nlines\u2066.txt',
]
const content = '<img src=x onerror="hit=1"><script>hit=1</script>\u202e\u001b]0;owned\u0007 javascript:hit=1'

const shell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

beforeAll(async () => {
  desktop = await Desktop.start()
  const { user } = desktop
  await user.ize('init', project)
  await user.ize('mount', project, user.path('home/work'))
  await change(names.map((name) => `printf '%s\\n' plain > ${shell(name)}`).join('; '))
  await change(names.map((name) => `printf '%s\\n' ${shell(content)} > ${shell(name)}`).join('; '))
  await change(`mkdir ${shell(names[0] ?? '')}.d; rm ${shell(names[1] ?? '')}`)
  // One line of two megabytes, with what would be markup every few bytes, changed in its middle.
  const line = `yes '<i>\u202e' | head -c 2000000 | tr -d '\\n'`
  await change(`${line} > endless.html`)
  await change('printf X | dd of=endless.html bs=1 seek=1000002 conv=notrunc status=none')
  running = await launchApp(desktop)
  page = running.page
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('dialog', (dialog) => {
    faults.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
}, 180_000)

afterAll(async () => {
  await running?.close()
  await desktop?.end()
}, 60_000)

/** Runs in the mounted project, until all of it is in history. */
async function change(script: string): Promise<void> {
  await desktop.sh(`cd ~/work; ${script}`)
  await desktop.user.ize('status', project, '--wait')
}

const goTo = (route: string) => page.evaluate((to) => (location.hash = to), route)
const inProject = (place: Record<string, string> = {}, tab = ''): Promise<string> =>
  goTo(`/p/${encodeURIComponent(project)}${tab}?${new URLSearchParams(place).toString()}`)

/** What of it the page has as it is, in texts or in what is read aloud or shown on hover; and what it made of it. */
async function found(): Promise<string[]> {
  return page.evaluate(() => {
    const hidden = /[\u0007\u001b\u202a-\u202e\u2066-\u2069]/
    const bad: string[] = []
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT)
    for (let node: Node | null = walker.currentNode; node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE && hidden.test(node.nodeValue ?? '')) {
        bad.push(`text in ${node.parentElement?.className}: ${node.nodeValue?.slice(0, 80)}`)
      }
      if (!(node instanceof Element)) continue
      for (const { name, value } of node.attributes) {
        // What is typed into fields is theirs, and `data-` is nobody's to see.
        if (name !== 'value' && !name.startsWith('data-') && hidden.test(value))
          bad.push(`${name} of ${node.className}: ${value.slice(0, 80)}`)
        if (name.startsWith('on')) bad.push(`${name} of ${node.className}`)
      }
      if (
        ['I', 'B', 'IMG', 'SCRIPT'].includes(node.tagName) &&
        /hit=1|x/.test(node.outerHTML) &&
        node.closest('main, dialog, nav')
      ) {
        if (node.tagName !== 'B' || node.textContent === 'x') bad.push(`an element: ${node.outerHTML.slice(0, 80)}`)
      }
    }
    if ('hit' in window) bad.push('it ran')
    return bad
  })
}

test.each([
  ['the entrance', () => goTo('/')],
  ['a search', () => goTo('/?text=e')],
  ['the history', () => inProject()],
  ['what waits', () => inProject({}, '/pending')],
  ['the settings', () => inProject({}, '/settings')],
  ['the storage', () => inProject({}, '/storage')],
  ['trust', () => inProject({}, '/trust')],
  ['all files, deleted ones too', () => inProject({ view: 'tree' })],
  ...names.map((name): [string, () => Promise<unknown>] => [
    `a file named ${JSON.stringify(name)}`,
    () => inProject({ path: name, from: '1' }),
  ]),
])('%s shows them as text', async (what, show) => {
  await show()
  await page.waitForFunction(() => document.querySelectorAll('[aria-busy="true"]').length === 0)
  await page.getByText('⟨202E⟩').first().waitFor()
  await screenshot(page, `hostile-${what.replaceAll(/[^a-z]+/gi, '-').slice(0, 40)}`)
  expect(await found()).toEqual([])
})

test('dialogs, menus, the palette and what is said show them as text', async () => {
  for (const item of ['Rename…', 'Remove…']) {
    await page.getByRole('button', { name: /^Actions for/ }).click()
    expect(await found()).toEqual([])
    await page.getByRole('menuitem', { name: item }).click()
    await page.getByRole('dialog').waitFor()
    expect(await found()).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  await page.keyboard.press('Control+K')
  await page.keyboard.type('evil')
  await page.getByRole('option').filter({ hasText: 'evil' }).first().waitFor()
  expect(await found()).toEqual([])
  await page.keyboard.press('Escape')
  await goTo('/')
  await page.getByRole('button', { name: 'Restore', exact: true }).first().click()
  await page.getByRole('region', { name: 'What was done' }).getByText('Restored').waitFor()
  expect(await found()).toEqual([])
  expect(await page.title()).not.toMatch(/\u202e|owned/)
})

test('a line of two megabytes is shown where it differs, and the window goes on', async () => {
  await inProject({ path: 'endless.html', from: '1' })
  await page.getByRole('table', { name: /What differs/ }).waitFor()
  await page.getByText(/very long lines? shown around what differs/).waitFor()
  await page.locator('.diff-cell.added').filter({ hasText: 'X' }).first().waitFor()
  await screenshot(page, 'hostile-endless')
  expect(await found()).toEqual([])
  await goTo('/')
  await page.getByRole('heading', { name: 'Which file or folder?' }).waitFor()
})

test('nothing of it ran', () => {
  expect(faults).toEqual([])
})
