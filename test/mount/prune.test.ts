import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Result } from '../../src-preload/contract.ts'
import { exitCodes } from '../../src-preload/error-codes.ts'
import { finished, IzeUser } from '../support/ize-command.ts'

type Entries = Result<'history.entries'>['entries']
type Pruned = Result<'history.prune'>

let user: IzeUser
let folder: string
beforeEach(async () => {
  user = new IzeUser()
  folder = join(user.home, 'work')
  mkdirSync(folder)
  await user.ize('init', 'thesis')
  await user.ize('mount', 'thesis', folder)
})
afterEach(async () => {
  await user.run(['unmount', 'thesis', '--force'])
  await user.remove()
})

const word = (n: number): string => `marigold${n}`
const text = (n: number): string => Array.from({ length: 3000 }, (_, i) => `line ${i} ${word(n)}`).join('\n')

async function save(name: string, content: string): Promise<void> {
  writeFileSync(join(folder, name), content)
  await user.ize('status', 'thesis', '--wait')
}

/** Six versions of a file, the second in a seal by hand, the third under a tag; one that is deleted; one of another. */
async function fill(): Promise<void> {
  await save('other.txt', 'unchanging')
  for (let n = 1; n <= 6; n++) {
    await save('notes.txt', text(n))
    if (n === 2) await user.ize('seal', 'thesis', '-m', 'to keep')
    if (n === 3) await user.ize('tag', 'thesis', 'third')
  }
  await save('gone.txt', text(7))
  await save('gone.txt', text(8))
  rmSync(join(folder, 'gone.txt'))
  await user.ize('status', 'thesis', '--wait')
}

const ENTRIES = ['history', 'thesis']
const pruned = async (): Promise<string[]> =>
  (await user.json<Entries>(...ENTRIES))
    .filter((entry) => entry.pruned)
    .map(({ path, version }) => `${path}@${version}`)

async function expectPruned(...args: string[]): Promise<string> {
  const ran = await user.run([...args, '--json'])
  expect(JSON.parse(ran.text)).toMatchObject({ error: { code: 'E_PRUNED' } })
  expect(ran.code).toBe(exitCodes.notFound)
  return ran.errors
}

it('lets go of what the rules do not keep, and says so wherever it is asked for', { timeout: 240_000 }, async () => {
  await fill()
  const before = await user.json<Entries>(...ENTRIES)
  const root = await user.json<{ root: string; leaves: number }>('root', 'thesis')

  const preview = await user.json<Pruned>('prune', 'thesis', '--dry-run', '--keep', '1 version')
  expect(preview).toMatchObject({ versions: 4, files: 2, kept: 5, packed: null })
  expect(preview.bytes).toBe([1, 4, 5, 7].reduce((sum, n) => sum + text(n).length, 0))
  expect(await pruned()).toEqual([])

  await user.ize('config', 'set', 'retention.keep', '1 version', '--project', 'thesis')
  expect(await user.ize('prune', 'thesis')).toMatch(/^4 versions of 2 files, .* are gone: the store had/)
  const gone = ['gone.txt@1', 'notes.txt@5', 'notes.txt@4', 'notes.txt@1']
  expect(await pruned()).toEqual(gone)
  expect(await user.ize('prune', 'thesis')).toMatch(/^Nothing is to go: 1 version\.\n5 versions stay/)

  // History lists all of it as before.
  const after = await user.json<Entries>(...ENTRIES)
  expect(after.map((entry) => ({ ...entry, pruned: null }))).toEqual(before)
  expect(await user.ize('history', 'thesis', 'notes.txt')).toMatch(/@5 .*pruned/)

  const why = await expectPruned('show', 'thesis', 'notes.txt@5')
  expect(why).toMatch(
    /^ize: Version 5 of "notes\.txt", of [^;]+, was pruned at [^;]+; version 6, of [^;]+, is the nearest that is kept\.\n$/,
  )
  for (const n of [2, 3, 6]) expect(await user.ize('show', 'thesis', `notes.txt@${n}`)).toBe(text(n))
  await expectPruned('show', 'thesis', 'gone.txt@1')
  expect(await user.ize('show', 'thesis', 'gone.txt@2')).toBe(text(8))

  await expectPruned('restore', 'thesis', 'notes.txt', '4')
  await expectPruned('diff', 'thesis', 'notes.txt@1', '--to', '3')
  expect(await user.ize('diff', 'thesis', 'notes.txt@2', '--to', '3')).toContain(`+line 0 ${word(3)}`)
  const [fifth] = after.filter(({ path, version }) => path === 'notes.txt' && version === 5)
  const at = String(fifth?.change)
  expect(await user.ize('ls', 'thesis', '--at', at, '-l')).toMatch(/notes\.txt|pruned/)
  expect(await user.json('ls', 'thesis', '--at', at)).toMatchObject([
    { path: 'notes.txt', version: 5, pruned: expect.stringMatching(/Z$/) as string },
    { path: 'other.txt', pruned: null },
  ])
  await expectPruned('export', 'thesis', user.path('export'), '--at', at)
  await expectPruned('restore', 'thesis', '.', at, '--dry-run')
  const whole = await user.json<{ files: { path: string; change: { kind: string; message?: string } }[] }>(
    ...['diff', 'thesis', '--at', at],
  )
  expect(whole.files).toMatchObject([{ path: 'notes.txt', change: { kind: 'pruned' } }])
  expect(whole.files[0]?.change.message).toMatch(/was pruned at/)
  expect(await user.ize('diff', 'thesis', '--at', at, '--stat')).toContain('notes.txt')
  expect(await user.ize('search', 'thesis', word(5), '--text', '--wait')).not.toContain('notes.txt')
  expect(await user.ize('search', 'thesis', word(3), '--text', '--wait')).toContain('notes.txt')
  // What is tagged or was sealed by hand is whole.
  await user.ize('export', 'thesis', user.path('third'), '--at', 'third')
  expect(readFileSync(user.path('third', 'notes.txt'), 'utf8')).toBe(text(3))

  // All of it can be proven, also what is gone; nothing is damaged.
  const verified = await user.json<Result<'seals.verify'>>(
    ...['verify', 'thesis', '--root', root.root, '--leaves', String(root.leaves)],
  )
  expect(verified).toMatchObject({ faults: [], checked: { pruned: 4, roots: 1 } })
  for (const n of [3, 5]) {
    writeFileSync(user.path('proof'), await user.ize('prove', 'thesis', `notes.txt@${n}`))
    writeFileSync(user.path('file'), text(n))
    const checked = await user
      .json<{ ok: boolean }>(...['check-proof', user.path('proof'), user.path('file'), '--root', root.root])
      .catch((error: unknown) => String(error))
    expect(checked).toMatchObject({ ok: true })
  }
  await user.ize('unmount', 'thesis')
  const findings = await user.ize('doctor', 'thesis', '--rebuild-index')
  expect(findings).not.toMatch(/missing|WARNING|ERROR/i)
  expect(await user.json<Entries>(...ENTRIES)).toEqual(after)
  await expectPruned('show', 'thesis', 'notes.txt@5')

  // The note of it is kept twice.
  const [uuid = ''] = readdirSync(join(user.central, 'projects'))
  const note = join(user.central, 'projects', uuid, 'pruned')
  const bytes = readFileSync(note)
  writeFileSync(note, bytes.subarray(0, 50))
  const wrong = await user.run(['verify', 'thesis'])
  expect(wrong.code).toBe(exitCodes.damaged)
  expect(wrong.text).toContain(`${note} is damaged`)
  await expectPruned('show', 'thesis', 'notes.txt@5')
  expect(await user.ize('doctor', 'thesis', '--fix')).toContain('made anew from its copy')
  expect(readFileSync(note)).toEqual(bytes)
  expect(await user.json('verify', 'thesis')).toMatchObject({ faults: [] })
})

it('takes a content back that is written again, and its versions with it', { timeout: 120_000 }, async () => {
  for (const n of [1, 2, 3]) await save('notes.txt', text(n))
  await user.ize('prune', 'thesis', '--keep', '1 version')
  expect(await pruned()).toEqual(['notes.txt@2', 'notes.txt@1'])
  await save('notes.txt', text(1))
  expect(await pruned()).toEqual(['notes.txt@2'])
  expect(await user.ize('show', 'thesis', 'notes.txt@1')).toBe(text(1))
  await user.ize('gc', 'thesis')
  expect(await user.ize('show', 'thesis', 'notes.txt@4')).toBe(text(1))
  expect(await user.json('verify', 'thesis')).toMatchObject({ faults: [], checked: { pruned: 1 } })
})

it('keeps to a limit, and takes the oldest first', { timeout: 120_000 }, async () => {
  for (let n = 1; n <= 5; n++) await save('notes.txt', text(n))
  const all = await user.json<Pruned>('prune', 'thesis', '--dry-run', '--limit', '1000000000')
  expect(all).toMatchObject({ versions: 0, kept: 5 })
  const least = await user.json<Pruned>('prune', 'thesis', '--dry-run', '--limit', '1')
  expect(least).toMatchObject({ versions: 4, kept: 1 })
  const some = await user.json<Pruned>('prune', 'thesis', '--limit', String(Math.round((least.disk / 4) * 3.5)))
  expect(some).toMatchObject({ versions: 2, kept: 3 })
  expect(await pruned()).toEqual(['notes.txt@2', 'notes.txt@1'])
})

it('goes on with a file all of whose versions were pruned', { timeout: 120_000 }, async () => {
  await save('notes.txt', text(1))
  await save('notes.txt', text(2))
  rmSync(join(folder, 'notes.txt'))
  await user.ize('prune', 'thesis', '--limit', '1')
  expect(await pruned()).toEqual(['notes.txt@2', 'notes.txt@1'])
  expect(await expectPruned('show', 'thesis', 'notes.txt@1')).toContain('no other version of it has its content')
  await save('notes.txt', text(3))
  expect(await user.ize('show', 'thesis', 'notes.txt')).toBe(text(3))
  expect(await user.ize('status', 'thesis')).not.toMatch(/Problem/)
  expect(await user.json('verify', 'thesis')).toMatchObject({ faults: [], checked: { pruned: 2 } })
})

it('interrupted, has pruned all or nothing', { timeout: 240_000 }, async () => {
  for (let n = 1; n <= 4; n++) await save('notes.txt', text(n))
  const all = ['notes.txt@3', 'notes.txt@2', 'notes.txt@1']
  for (const patience of [600, 900, 1200, 1500]) {
    const child = user.start(['prune', 'thesis', '--keep', '1 version', '--json'])
    const ended = finished(child)
    await sleep(patience)
    child.kill('SIGINT')
    const { code, text: said } = await ended
    // A null: it had not begun to listen to signals.
    expect([exitCodes.success, exitCodes.interrupted, null]).toContain(code)
    if (code === exitCodes.interrupted) expect(JSON.parse(said)).toMatchObject({ error: { code: 'E_CANCELLED' } })
    // Whatever it was, it stays so: nothing is pruned later that was not.
    await user.ize('gc', 'thesis')
    const gone = await pruned()
    expect([[], all]).toContainEqual(gone)
    if (code === exitCodes.success) expect(gone).toEqual(all)
    const kept = gone.length === 0 ? [1, 2, 3, 4] : [4]
    for (const n of kept) expect(await user.ize('show', 'thesis', `notes.txt@${n}`)).toBe(text(n))
    expect(await user.json('verify', 'thesis')).toMatchObject({ faults: [] })
    if (gone.length > 0) break
  }
})

it('refuses rules that are none', async () => {
  const ran = await user.run(['prune', 'thesis', '--keep', 'the best'])
  expect(ran.errors).toMatch(/"the best" does not say what is to be kept; write "all", or rules/)
  expect(ran.code).toBe(exitCodes.usage)
  expect((await user.run(['config', 'set', 'retention.keep', 'the best'])).errors).toMatch(/retention\.keep/)
})

it('folds Pijul when it holds far more than what is left in the store', async () => {
  // Few lines, which Pijul compares, of much that cannot be compressed.
  const line = (): string => Array.from({ length: 900 }, () => Math.random().toString(36)).join('')
  const random = (): string => Array.from({ length: 40 }, line).join('\n')
  for (let n = 0; n < 24; n++) await save('draft.txt', random())
  const last = readFileSync(join(folder, 'draft.txt'), 'utf8')
  const { folded } = await user.json<Pruned>('prune', 'thesis', '--keep', '1 version')
  expect(folded).toBeGreaterThanOrEqual(24)
  expect((await user.json<Entries>('history', 'thesis', 'draft.txt')).filter((entry) => entry.pruned)).toHaveLength(23)
  expect(await user.ize('show', 'thesis', 'draft.txt')).toBe(last)
  await user.ize('verify', 'thesis')
}, 120_000)
