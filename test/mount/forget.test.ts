import { randomBytes } from 'node:crypto'
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ObjectStore } from '../../src-main/engine/store/object-store.ts'
import { findSecret } from '../support/find-secret.ts'
import { IzeUser } from '../support/ize-command.ts'

interface Plan {
  readonly goes: readonly { path: string; version: number; size: number }[]
  readonly also: readonly { path: string; version: number }[]
  readonly stays: readonly { version: number; heldBy: string }[]
  readonly already: number
  readonly done: boolean
}

let user: IzeUser
let folder: string
let secret: string

beforeEach(async () => {
  user = new IzeUser()
  folder = join(user.home, 'work')
  mkdirSync(folder)
  secret = `SECRET-${randomBytes(24).toString('hex')}`
  await user.ize('init', 'thesis')
  await user.ize('mount', 'thesis', folder)
})
afterEach(() => user.remove())

const root = (): string => {
  const projects = join(user.central, 'projects')
  return join(projects, readdirSync(projects)[0] ?? '')
}
const recorded = (): Promise<string> => user.ize('status', 'thesis', '--wait')
const lines = (n: number): string => Array.from({ length: 400 }, (_, i) => `line ${i} of ${n}`).join('\n')

async function save(name: string, text: string): Promise<void> {
  writeFileSync(join(folder, name), text)
  await recorded()
}

/** The address of the content that a file has. */
async function addressOf(name: string): Promise<string> {
  const { file } = JSON.parse(await user.ize('prove', 'thesis', name)) as { file: { object: string } }
  return file.object
}

/** Saves the secret in several versions, then without it; another file that stays has a long history. */
async function leak(): Promise<void> {
  for (let n = 1; n <= 4; n++) {
    await save('.env', `${lines(n)}\nkey = ${secret}\n${lines(n + 1)}`)
    await save('notes.txt', lines(n))
  }
  writeFileSync(
    join(folder, 'big.bin'),
    Buffer.concat([Buffer.from([0, 1, 2]), Buffer.from(secret), randomBytes(300_000)]),
  )
  await recorded()
  await save('copy of .env', `${lines(2)}\nkey = ${secret}\n${lines(3)}`)
  rmSync(join(folder, 'copy of .env'))
  await save('.env', lines(9))
}

describe('a secret that was saved in several versions', () => {
  it('is nowhere in the project once it is forgotten, and everything else is as it was', async () => {
    await leak()
    await user.ize('search', 'thesis', secret, '--wait')
    expect(await user.ize('search', 'thesis', secret, '--wait', '--text')).toContain('.env')
    expect(findSecret(root(), secret).length).toBeGreaterThan(0)
    const before = await user.json<{ hash: string; version: number }[]>('history', 'thesis', '-n', '1000')
    await user.ize('root', 'thesis', '--append', user.path('roots'))

    const dry = await user.json<Plan>('forget', 'thesis', '.env', '--dry-run')
    expect(dry.goes.map(({ version }) => version)).toEqual([1, 2, 3, 4])
    expect(dry.also).toMatchObject([{ path: 'copy of .env', version: 1 }])
    expect(dry.stays).toMatchObject([{ version: 5, heldBy: '.env' }])
    expect(dry.done).toBe(false)
    expect(await user.ize('show', 'thesis', '.env@2')).toContain(secret)

    const asked = await user.run(['forget', 'thesis', '.env'])
    expect(asked.code).not.toBe(0)
    expect(asked.errors).toMatch(/--yes/)
    expect(await user.ize('show', 'thesis', '.env@2')).toContain(secret)

    expect(await user.ize('forget', 'thesis', '.env', '--yes')).toMatch(/Forgotten: 5 versions/)
    // The other file that has it was not named.
    expect(findSecret(root(), secret).length).toBeGreaterThan(0)
    rmSync(join(folder, 'big.bin'))
    await recorded()
    await user.ize('forget', 'thesis', 'big.bin', '--yes')
    expect(findSecret(root(), secret)).toEqual([])

    const shown = await user.run(['show', 'thesis', '.env@2', '--json'])
    expect(shown.text + shown.errors).toMatch(/E_FORGOTTEN|was forgotten/)
    expect(await user.ize('show', 'thesis', '.env')).toBe(lines(9))
    for (let n = 1; n <= 4; n++) expect(await user.ize('show', 'thesis', `notes.txt@${n}`)).toBe(lines(n))
    const after = await user.json<{ hash: string; forgotten: boolean; path: string }[]>(
      'history',
      'thesis',
      '-n',
      '1000',
    )
    expect(after.slice(1).map(({ hash }) => hash)).toEqual(before.map(({ hash }) => hash))
    expect(after.filter(({ forgotten }) => forgotten).length).toBe(6)
    expect(await user.ize('history', 'thesis', '.env')).toContain('forgotten')
    expect(await user.ize('search', 'thesis', secret, '--wait', '--text')).not.toContain('.env')
    expect(await user.ize('verify', 'thesis', '--root-file', user.path('roots'))).toMatch(
      /^Sound: .*6 contents forgotten|^Sound: .*forgotten/,
    )
    expect((await user.json<Plan>('forget', 'thesis', '.env', '--dry-run')).already).toBe(4)

    await user.ize('unmount', 'thesis')
    expect(await user.ize('doctor', 'thesis')).not.toMatch(/missing|damaged/)
    expect(await user.ize('verify', 'thesis', '--root-file', user.path('roots'))).toMatch(/^Sound: /)
    expect(findSecret(root(), secret)).toEqual([])
  })

  it('goes from the log, too, while programs go on writing', async () => {
    await leak()
    let going = true
    const writing = (async () => {
      for (let n = 0; going; n++) {
        appendFileSync(join(folder, 'log.txt'), `${n}\n`)
        await new Promise((done) => setTimeout(done, 50))
      }
    })()
    try {
      rmSync(join(folder, 'big.bin'))
      await user.ize('forget', 'thesis', 'big.bin', '--yes')
      await user.ize('forget', 'thesis', '.env', '--yes')
    } finally {
      going = false
      await writing
    }
    expect(findSecret(root(), secret)).toEqual([])
    await recorded()
    expect(await user.ize('show', 'thesis', 'log.txt')).toBe(readFileSync(join(folder, 'log.txt'), 'utf8'))
    expect(await user.ize('verify', 'thesis')).toMatch(/^Sound: /)
  })

  it('is proven to be forgotten, and kept when it is saved again', async () => {
    await leak()
    const copy = `${lines(1)}\nkey = ${secret}\n${lines(2)}`
    await user.ize('forget', 'thesis', '.env', '1', '--yes')
    expect(await user.ize('show', 'thesis', '.env@2')).toContain(secret)
    writeFileSync(user.path('proof.json'), await user.ize('prove', 'thesis', '.env@1'))
    writeFileSync(user.path('copy'), copy)
    const checked = await user.ize('check-proof', user.path('proof.json'), user.path('copy'))
    expect(checked).toMatch(/has forgotten this content/)
    await save('.env', copy)
    expect(await user.ize('show', 'thesis', '.env@1')).toBe(copy)
    await user.ize('gc', 'thesis')
    expect(await user.ize('show', 'thesis', '.env@1')).toBe(copy)
    expect(await user.ize('verify', 'thesis')).toMatch(/^Sound: /)
  })

  it('stays out of what is put back, which says so', async () => {
    await leak()
    await user.ize('seal', 'thesis', '-m', 'x')
    const { change } = (await user.json<{ change: number; path: string }[]>('history', 'thesis', '-n', '1000')).find(
      ({ path }) => path === '.env',
    ) ?? { change: 0 }
    await user.ize('forget', 'thesis', '.env', '--yes')
    const one = await user.run(['restore', 'thesis', '.env', '2'])
    expect(one.errors).toMatch(/was forgotten/)
    expect(await user.ize('restore', 'thesis', '.', '3')).toMatch(/forgotten stays as before/)
    expect(readFileSync(join(folder, '.env'), 'utf8')).toBe(lines(9))
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe(lines(1))
    expect(await user.ize('undo', 'thesis')).toBeTruthy()
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe(lines(4))
    expect(await user.ize('diff', 'thesis', '.', '--at', '3', '--to', String(change))).toMatch(/was forgotten/)
    await user.ize('export', 'thesis', user.path('out'), '--at', '3')
    expect(readFileSync(join(user.path('out'), 'notes.txt'), 'utf8')).toBe(lines(1))
  })
})

it(
  'a piece of another file is refused before anything is asked, and goes with the other',
  { timeout: 120_000 },
  async () => {
    const big = Array.from({ length: 40_000 }, (_, n) => `line ${n} of a long text`).join('\n')
    await save('whole.txt', big)
    const store = ObjectStore.open(join(root(), 'objects'))
    const hash = await addressOf('whole.txt')
    const piece = store.getNode(store.children(hash)[1] ?? '').bytes
    store.close()
    await save('part.txt', piece.toString())
    await save('part.txt', 'other')
    await save('whole.txt', 'short')
    for (const how of ['--dry-run', '--yes']) {
      const ran = await user.run(['forget', 'thesis', 'part.txt', how, '--json'])
      expect(JSON.parse(ran.text)).toMatchObject({ error: { code: 'E_FORGET' } })
      expect(ran.errors).toMatch(/version 1 of "part\.txt" is also a part of version 1 of "whole\.txt", which stays/)
    }
    expect(await user.ize('show', 'thesis', 'part.txt@1')).toBe(piece.toString())
    await user.ize('forget', 'thesis', 'whole.txt', '--yes')
    await user.ize('forget', 'thesis', 'part.txt', '--yes')
    expect((await user.run(['show', 'thesis', 'part.txt@1'])).errors).toMatch(/was forgotten/)
    expect(await user.ize('verify', 'thesis')).toMatch(/^Sound: /)
  },
)

it('of a project that is not mounted, versions are forgotten as well', async () => {
  await leak()
  await user.ize('unmount', 'thesis')
  const gone = await user.json<Plan>('forget', 'thesis', '.env', '--yes')
  expect(gone.done).toBe(true)
  const where = findSecret(root(), secret)
  expect(where.every((place) => place.startsWith('working/big.bin') || place.startsWith('objects/'))).toBe(true)
  expect(where.some((place) => place.startsWith('dirty/'))).toBe(false)
  await user.ize('mount', 'thesis', folder)
  rmSync(join(folder, 'big.bin'))
  await recorded()
  await user.ize('forget', 'thesis', 'big.bin', '--yes')
  expect(findSecret(root(), secret)).toEqual([])
})
