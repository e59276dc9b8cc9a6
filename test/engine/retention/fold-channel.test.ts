import { execFileSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { projectLayout, type ProjectLayout } from '../../../src-main/engine/project/layout.ts'
import { Channel } from '../../../src-main/engine/retention/channel.ts'
import { foldChannel } from '../../../src-main/engine/retention/fold-channel.ts'
import type { PijulEdit, PijulLogEntry } from '../../../src-main/engine/sys/native.ts'

let layout: ProjectLayout
let channel: Channel

beforeEach(async () => {
  const root = mkdtempSync(join(tmpdir(), 'ize-fold-'))
  layout = projectLayout(root)
  channel = await Channel.open(layout)
})
afterEach(async () => {
  await channel.close()
  rmSync(layout.root, { recursive: true })
})

const author = 'Ann'
/** Pijul refuses nothing here, so the sealed tree is not asked for. */
const options = { author, sealed: undefined as never }
const write = (path: string, text: string): PijulEdit => ({
  ...{ kind: 'write', path, content: Buffer.from(text), executable: false },
})

async function record(count: number, path = 'notes'): Promise<void> {
  for (let i = 0; i < count; i++) {
    const metadata = Buffer.from(JSON.stringify({ of: path, i }))
    const text = `${'line\n'.repeat(i)}${i}\n`
    await channel.record([{ message: `${path} ${i}`, author, timeMs: 1000 + i, metadata, edits: [write(path, text)] }])
  }
}

async function all(from = 1, limit = 100): Promise<PijulLogEntry[]> {
  const found: PijulLogEntry[] = []
  for (let next = from; ;) {
    const entries = await channel.log(next, limit)
    if (entries.length === 0) return found
    found.push(...entries)
    next += entries.length
  }
}

async function reopen(): Promise<void> {
  await channel.close()
  channel = await Channel.open(layout)
}

it('keeps every change at its place, with hash and state, over several foldings', async () => {
  await record(9)
  const first = await all()
  expect(await foldChannel(channel, layout, options)).toEqual({ folded: 9, changes: 9 })
  expect(await all()).toEqual(first)
  expect(await channel.head()).toEqual(first.at(-1))
  expect(await foldChannel(channel, layout, options)).toBeNull()
  await record(3, 'other')
  const second = await all()
  expect(second.slice(0, 9)).toEqual(first)
  expect(second.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  expect(await channel.head()).toEqual(second.at(-1))
  await reopen()
  expect(await foldChannel(channel, layout, options)).toEqual({ folded: 3, changes: 12 })
  await reopen()
  await record(1, 'third')
  const third = await all()
  expect(third.slice(0, 12)).toEqual(second)
  expect(third.at(-1)).toMatchObject({ n: 13, message: 'third 0' })
  expect(await all(8, 2)).toEqual(third.slice(7))
  expect((await channel.tracked()).sort()).toEqual(['notes', 'other', 'third'])
  expect((await channel.read('notes')).toString()).toBe(`${'line\n'.repeat(8)}8\n`)
  expect(existsSync(layout.fold)).toBe(false)
})

it('leaves one change in Pijul, whatever the old ones held', async () => {
  await record(40)
  const before = readdirSync(join(layout.pijul, 'changes'), { recursive: true }).length
  await foldChannel(channel, layout, options)
  const files = execFileSync('find', [join(layout.pijul, 'changes'), '-type', 'f'], { encoding: 'utf8' }).trim()
  // Pijul's own root, and the tree.
  expect(files.split('\n')).toHaveLength(2)
  expect(before).toBeGreaterThan(40)
})

it('counts by what the repository says of itself when its mark is gone, as in a clone', async () => {
  await record(5)
  await foldChannel(channel, layout, options)
  await record(2, 'later')
  const before = await all()
  rmSync(join(layout.pijul, 'folded'))
  await reopen()
  expect(await all()).toEqual(before)
})

it('takes what an interrupted folding left in the archive for nothing', async () => {
  await record(5)
  await foldChannel(channel, layout, options)
  const size = statSync(layout.archive).size
  const fd = openSync(layout.archive, 'r+')
  writeSync(fd, Buffer.alloc(1000, 7), 0, 1000, size)
  closeSync(fd)
  mkdirSync(join(layout.fold, '.pijul'), { recursive: true })
  await record(2, 'later')
  const before = await all()
  await reopen()
  expect(existsSync(layout.fold)).toBe(false)
  expect(await all()).toEqual(before)
  await foldChannel(channel, layout, options)
  expect(await all()).toEqual(before)
})

it.each([
  ['cut short', (file: string) => truncateSync(file, statSync(file).size - 1)],
  ['missing', (file: string) => rmSync(file)],
  [
    'of another byte',
    (file: string) => {
      const fd = openSync(file, 'r+')
      writeSync(fd, Buffer.of(255), 0, 1, 100)
      closeSync(fd)
    },
  ],
])('never passes over an archive that is %s', async (_, harm) => {
  await record(5)
  await foldChannel(channel, layout, options)
  await channel.close()
  harm(layout.archive)
  const read = async (): Promise<unknown> => {
    channel = await Channel.open(layout)
    return channel.log(1, 5)
  }
  await expect(read()).rejects.toMatchObject({ code: 'E_ARCHIVE_DAMAGED' })
})

it('answers who asks while the repository is exchanged', async () => {
  await record(20)
  const before = await all()
  const folding = foldChannel(channel, layout, options)
  const asked = Array.from({ length: 50 }, (_, i) => channel.log(1 + (i % 20), 1))
  const answers = await Promise.all(asked)
  await folding
  answers.forEach(([entry], i) => expect(entry).toEqual(before[i % 20]))
})
