import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { Desktop } from './support/desktop.ts'
import { launchApp, type RunningApp } from './support/launch.ts'
import { screenshot } from './support/page.ts'
import { somePdf } from './support/pdf.ts'

// A file in time: edited through a real mount, compared, put back, in whole and in part.
let desktop: Desktop
let running: RunningApp
let page: Page
let mount: string

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index} of the notes\n`).join('')
const first = `# Latency\n\nEach write waits for the recorder,\nwhich takes up to 40 ms.\n${lines(5, 60)}The end\n`
const second = first
  .replace('waits for the recorder', 'returns from the log')
  .replace('up to 40 ms', '20 µs')
  .replace('The end\n', 'The recorder follows on its own.\nThe end\n')

async function write(path: string, text: string): Promise<void> {
  await desktop.sh(`printf %s ${shell(text)} > ${shell(`${mount}/${path}`)}`)
  await desktop.user.ize('status', 'thesis', '--wait')
}

async function read(path: string): Promise<string> {
  return desktop.sh(`cat ${shell(`${mount}/${path}`)}`)
}

const shell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

async function show(path: string, place: Record<string, string>): Promise<void> {
  const query = new URLSearchParams({ path, ...place }).toString()
  await page.evaluate((hash) => (location.hash = hash), `#/p/thesis?${query}`)
}

beforeAll(async () => {
  desktop = await Desktop.start()
  mount = `${desktop.user.home}/thesis`
  await desktop.user.ize('init', 'thesis')
  await desktop.user.ize('mount', 'thesis', mount)
  await write('notes.md', first)
  await write('notes.md', second)
  running = await launchApp(desktop)
  page = running.page
})

afterAll(async () => {
  await running?.close()
  await desktop?.end()
})

describe('a file compared with now', () => {
  it('shows what differs, by words, with signs beside the colours', async () => {
    await show('notes.md', { from: '1' })
    const table = page.getByRole('table', { name: /What differs in notes.md/ })
    await table.waitFor()
    await page.locator('.diff-cell.removed .word', { hasText: 'waits for the recorder' }).waitFor()
    await page.locator('.diff-cell.added .word', { hasText: 'returns from the log' }).waitFor()
    expect(await page.locator('.diff-cell.added .diff-sign').first().textContent()).toBe('+')
    expect(await table.getByRole('row').filter({ hasText: '+ added, line 3' }).count()).toBe(1)
    expect(await page.locator('.version-header').textContent()).toContain('version 1')
    await screenshot(page, 'version-side-by-side')
  })

  it('unfolds what is the same', async () => {
    await page
      .getByRole('button', { name: /lines that are the same/ })
      .first()
      .click()
    await page.getByText('line 20 of the notes').first().waitFor()
    await page.reload()
  })

  it('goes from change to change by keys', async () => {
    const table = page.getByRole('table', { name: /What differs/ })
    await table.focus()
    await page.keyboard.press('n')
    await page.keyboard.press('n')
    await page.locator('.version-count', { hasText: '2 / 2' }).waitFor()
  })

  it('puts lines back where they were, and nothing else', async () => {
    await page.getByRole('button', { name: 'Restore these lines' }).first().click()
    await page.getByText(/of version 1 are back in "notes.md"/).waitFor()
    expect(await read('notes.md')).toBe(first.replace('The end\n', 'The recorder follows on its own.\nThe end\n'))
  })

  it('puts the version back with one key, and takes that back with Undo', async () => {
    const before = await read('notes.md')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('button', { name: 'Undo' }).last().waitFor()
    await expect.poll(() => read('notes.md')).toBe(first)
    await screenshot(page, 'version-restored')
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await expect.poll(() => read('notes.md')).toBe(before)
  })

  it('shows lines whose surroundings changed three-way, and writes nothing', async () => {
    await write('place.txt', 'one\ntwo\nthree\n')
    await write('place.txt', 'one\n2\nthree\n')
    await write('place.txt', 'eins\nzwei\ndrei\n')
    await show('place.txt', { from: '1', to: '2' })
    await page.getByRole('button', { name: 'Restore these lines' }).click()
    const dialog = page.getByRole('dialog', { name: 'These lines changed since' })
    await dialog.waitFor()
    expect(await dialog.getByRole('region', { name: 'Is now' }).textContent()).toContain('zwei')
    await screenshot(page, 'version-conflict')
    await dialog.getByRole('button', { name: 'Keep mine' }).click()
    expect(await read('place.txt')).toBe('eins\nzwei\ndrei\n')
  })

  it('puts them there when told to, in place of what is there or behind it', async () => {
    const dialog = page.getByRole('dialog', { name: 'These lines changed since' })
    await page.getByRole('button', { name: 'Restore these lines' }).click()
    await dialog.getByRole('button', { name: 'Keep both' }).click()
    await expect.poll(() => read('place.txt')).toBe('eins\nzwei\ndrei\ntwo\n')
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await expect.poll(() => read('place.txt')).toBe('eins\nzwei\ndrei\n')
    await page.getByRole('button', { name: 'Restore these lines' }).click()
    await dialog.waitFor()
    // Changed once more while it is looked at: the question is asked anew.
    await write('place.txt', 'un\ndeux\ntrois\n')
    await dialog.getByRole('button', { name: 'Put back these lines' }).click()
    await dialog.getByRole('region', { name: 'Is now' }).getByText('deux').waitFor()
    expect(await read('place.txt')).toBe('un\ndeux\ntrois\n')
    await dialog.getByRole('button', { name: 'Put back these lines' }).click()
    await expect.poll(() => read('place.txt')).toBe('one\ntwo\nthree\n')
  })
})

describe('a file that is gone', () => {
  it('shows its last version and puts that back', async () => {
    await write('gone.txt', 'still here\n')
    await desktop.sh(`rm ${shell(`${mount}/gone.txt`)}`)
    await desktop.user.ize('status', 'thesis', '--wait')
    await show('gone.txt', { from: '1' })
    await page.getByText('It is not there now').waitFor()
    await page.getByText('still here').waitFor()
    await screenshot(page, 'version-gone')
    await page.getByRole('button', { name: 'Restore this version' }).click()
    await expect.poll(() => read('gone.txt').catch(() => '')).toBe('still here\n')
  })

  it('offers a removal by its name, and never as the main thing', async () => {
    await show('gone.txt', { to: '2' })
    await page.getByRole('button', { name: 'Remove gone.txt' }).waitFor()
    expect(await page.getByRole('button', { name: 'Restore this version' }).count()).toBe(0)
  })
})

describe('a PDF', () => {
  it('shows its first page, its title and how many pages there are', async () => {
    await write('paper.pdf', somePdf(2, 'On <b>Latency</b>'))
    await show('paper.pdf', { to: '1' })
    const drawn = page.getByRole('img', { name: 'First page of paper.pdf' })
    await drawn.waitFor()
    await page.locator('.pdf b', { hasText: 'On <b>Latency</b>' }).waitFor()
    await page.getByText(/Page 1 of 2 pages/).waitFor()
    const [square, paper] = await drawn.evaluate((canvas: HTMLCanvasElement) => {
      const context = canvas.getContext('2d')
      const colour = (x: number, y: number) => [...(context?.getImageData(x, y, 1, 1).data ?? [])].join(' ')
      return [colour(20, 20), colour(canvas.width - 20, canvas.height - 20)]
    })
    expect([square, paper]).toEqual(['255 0 0 255', '255 255 255 255'])
    await screenshot(page, 'version-pdf')
  })

  it('that cannot be read says so, and can be opened all the same', async () => {
    await write('broken.pdf', '%PDF-1.4\nnothing of it')
    await show('broken.pdf', { to: '1' })
    await page.getByText(/Its first page cannot be drawn here/).waitFor()
    await page.getByRole('button', { name: 'Open' }).first().waitFor()
    await screenshot(page, 'version-pdf-broken')
  })
})

describe('hostile content', () => {
  it('is text, with what would hide shown', async () => {
    await write('evil.html', 'plain\n')
    await write('evil.html', '<img src=x onerror="document.title=1">\u202egnp.exe\u001b[31m\n')
    await show('evil.html', { from: '1' })
    await page.getByText('<img src=x').first().waitFor()
    await page.getByText('⟨202E⟩').first().waitFor()
    expect(await page.locator('.diff img').count()).toBe(0)
    await screenshot(page, 'version-hostile')
  })
})
