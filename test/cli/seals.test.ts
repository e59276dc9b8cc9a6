import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { IzeUser, type Ran } from '../support/ize-command.ts'

// One user and one engine for all; projects that are not mounted.
let user: IzeUser

interface Sealed {
  seal: { name: string; address: string }
  change: number
}
interface Tag extends Sealed {
  name: string
  author: string | null
  time: string | null
  message: string | null
}

beforeAll(async () => {
  user = new IzeUser()
  mkdirSync(user.path('source'))
  writeFileSync(user.path('source/notes.txt'), 'one\n')
  await user.ize('init', 'thesis', '--from', 'source')
})
afterAll(() => user.remove())

describe('ize seal', () => {
  it('prints a name that is a version from then on, with its message in the history', async () => {
    const name = (await user.ize('seal', 'thesis', '-m', 'As sent')).trimEnd()
    expect(name).toMatch(/^([a-z]+-){4}[0-9a-f]{8}$/)
    const history = (await user.ize('history', 'thesis')).split('\n')
    expect(history[0]).toMatch(new RegExp(`  seal +[A-Z2-7]{12}  ${name} +As sent$`))
    expect(history[1]).toMatch(/ {2}import {2}.* {2}([a-z]+-){4}[0-9a-f]{8}/)

    const [adjective, noun] = name.split('-')
    for (const part of [name, `${adjective}-${noun}`, `${adjective} ${noun}`, name.split('-').at(-1) ?? '']) {
      expect(await user.ize('show', 'thesis', 'notes.txt', '--at', part)).toBe('one\n')
    }
    expect(await user.ize('show', 'thesis', `notes.txt@${name}`)).toBe('one\n')
    await user.ize('export', 'thesis', user.path('copy'), '--at', name)
    expect(await user.ize('diff', 'thesis', `notes.txt@${name}`, '--to', '1')).toBe('')
    expect(await user.ize('restore', 'thesis', 'notes.txt', name)).toMatch(/already/)
  })

  it('has a row in every list of the history that is not of paths, and is found by its message', async () => {
    const row = { kind: 'seal', note: 'As sent', path: null, action: null }
    const listed = await user.json<{ kind: string; change: number }[]>('history', 'thesis')
    expect(listed[0]).toMatchObject(row)
    expect(listed.map(({ change }) => change)).toEqual([...listed.map(({ change }) => change)].sort((a, b) => b - a))
    expect(listed.at(-1)).toMatchObject({ kind: 'import', path: 'notes.txt' })
    expect(await user.json('history', 'thesis', '-n', '1')).toHaveLength(1)
    expect(await user.json('history', 'thesis', '--kind', 'seal')).toMatchObject([row])
    expect(await user.ize('history', 'thesis', '--kind', 'seal')).toMatch(/ {2}seal .* {2}As sent\n$/)
    expect(await user.json('history', 'thesis', '--message', 'SENT')).toMatchObject([row])
    expect(await user.json('history', 'thesis', 'notes.txt')).toMatchObject([{ kind: 'import' }])
    expect(await user.json('search', 'thesis', 'as sent', '--names')).toMatchObject({ changes: [{ note: 'As sent' }] })
  })

  it('says how far the search in texts is', async () => {
    await user.ize('search', 'thesis', 'one', '--wait')
    expect(await user.json('status', 'thesis')).toMatchObject({ search: { on: true, behind: 0 } })
    expect(await user.ize('status', 'thesis')).toMatch(/Search +all that is in history/)
    await user.ize('config', 'set', 'history.search', 'false', '--project', 'thesis')
    expect(await user.ize('status', 'thesis')).toMatch(/Search +names only/)
    await user.ize('config', 'unset', 'history.search', '--project', 'thesis')
  })

  it('makes a seal each time, however soon', async () => {
    const first = await user.json<Sealed>('seal', 'thesis', '-m', 'same')
    const second = await user.json<Sealed>('seal', 'thesis', '-m', 'same')
    expect(second.change).toBe(first.change + 1)
    expect(second.seal.address).not.toBe(first.seal.address)
  })

  it('has a clear sentence for a name that no seal has', async () => {
    for (const [text, sentence] of [
      ['zesty-yodeler-zooms', /"zesty-yodeler-zooms" names no version|No seal of this project has/],
      [
        'no-words-at-all',
        /"no-words-at-all" names no version: write its number, a time such as .*, a part of the name of its seal/,
      ],
      ['0123456789abcdef'.repeat(4), /names no version/],
    ] as const) {
      const ran = await user.run(['show', 'thesis', 'notes.txt', '--at', text])
      expect([ran.code, ran.errors]).toEqual([3, expect.stringMatching(sentence)])
    }
  })
})

describe('ize tag', () => {
  it('names a version, the newest if none is given, and is a version itself', async () => {
    const sealed = await user.json<Sealed>('seal', 'thesis')
    expect(await user.json<Tag>('tag', 'thesis', 'light')).toEqual({
      ...{ name: 'light', ...sealed, author: null, time: null, message: null },
    })
    const submitted = await user.json<Tag>('tag', 'thesis', 'submitted', '1', '-m', 'As sent')
    expect(submitted).toMatchObject({ change: 1, message: 'As sent' })
    expect(submitted.author).toMatch(/.+/)
    expect((await user.json<Tag[]>('tag', 'thesis')).map(({ name }) => name)).toEqual(['light', 'submitted'])
    expect(await user.ize('tag', 'thesis')).toMatch(/^light +.*\nsubmitted +.* As sent\n$/)
    for (const tag of ['light', 'submitted']) {
      expect(await user.ize('show', 'thesis', `notes.txt@${tag}`)).toBe('one\n')
    }
    const again = await user.json<Tag>('tag', 'thesis', 'again', 'submitted')
    expect(again.seal).toEqual(submitted.seal)
  })

  it('is moved only by force, and goes when it is deleted', async () => {
    await user.ize('tag', 'thesis', 'v1', '1')
    expect(await user.run(['tag', 'thesis', 'v1', '2'])).toMatchObject({ code: 4 })
    expect(await user.json<Tag>('tag', 'thesis', 'v1', '2', '--force')).toMatchObject({ change: 2 })
    await user.ize('tag', 'thesis', 'v1', '--delete')
    expect(await user.run(['tag', 'thesis', 'v1', '--delete'])).toMatchObject({ code: 3 })
    expect(await user.run(['show', 'thesis', 'notes.txt@v1'])).toMatchObject({ code: 3 })
  })

  it('refuses names that would be something else, and contradictions', async () => {
    for (const [args, exit] of [
      [['17'], 4],
      [['a/b'], 4],
      [['x', '1', '--delete'], 2],
      [['--force'], 2],
      [['x', '99'], 3],
    ] as const) {
      expect(await user.run(['tag', 'thesis', ...args])).toMatchObject({ code: exit })
    }
  })
})

describe('roots and proofs', () => {
  it('are checked by someone who has nothing but files', async () => {
    writeFileSync(user.path('source/large'), randomBytes(700_000))
    await user.ize('init', 'proven', '--from', 'source')
    await user.ize('seal', 'proven', '-m', 'first')
    await user.ize('root', 'proven', '--append', user.path('roots'))
    const early = await user.json<{ root: string; leaves: number; key: string }>('root', 'proven')
    await user.ize('tag', 'proven', 'now')
    await user.ize('seal', 'proven', '-m', 'second')
    writeFileSync(user.path('proof.json'), await user.ize('prove', 'proven', 'large@now'))
    const early2 = await user.ize('prove', 'proven', 'large@now', '--leaves', String(early.leaves))
    writeFileSync(user.path('early.json'), early2)

    // Another user, without an engine.
    const other = new IzeUser()
    try {
      const check = (...args: string[]): Promise<Ran> => other.run(['check-proof', ...args])
      const [proof, large] = [user.path('proof.json'), user.path('source/large')]
      const signed = await check(proof, large, '--key', early.key)
      expect([signed.code, signed.text]).toEqual([0, expect.not.stringMatching(/NOT SHOWN|WRONG/)])
      expect(await check(user.path('early.json'), large, '--root', early.root)).toMatchObject({ code: 0 })
      const alone = await check(proof, large)
      expect([alone.code, alone.text]).toEqual([
        0,
        expect.stringMatching(/NOT SHOWN {2}Only that the proof is consistent/),
      ])
      expect(await check(proof, user.path('source/notes.txt'))).toMatchObject({ code: 9 })
      expect(await check(proof, large, '--key', 'ed25519:AAAA')).toMatchObject({ code: 9 })
      expect(await check(proof, large, '--root', early.root)).toMatchObject({ code: 9 })
      expect(await check(proof, 'nowhere')).toMatchObject({ code: 3 })
      expect(await check(large, large)).toMatchObject({ code: 9 })
      writeFileSync(other.path('forged.json'), readFileSync(proof, 'utf8').replace('large', 'small'))
      const forged = await check(other.path('forged.json'), large, '--json')
      expect([forged.code, JSON.parse(forged.text)]).toEqual([
        9,
        { ok: false, steps: [expect.anything()], fault: { code: 'E_PROOF_TREE', message: expect.any(String) } },
      ])
      expect(other.enginePid()).toBeNull()
    } finally {
      await other.remove()
    }
  })

  it('are what ize verify holds the history against', async () => {
    expect(await user.ize('verify', 'proven', '--root-file', user.path('roots'))).toMatch(
      /^Sound: checked .* of objects, 3 seals with \d+ objects, 1 tag, 1 earlier root; the root over 3 seals is [0-9a-f]{64}\.\n1 root signed by your own key, ed25519:[\w-]{43}\.\n$/,
    )
    expect(await user.ize('verify', 'proven', '--since', 'now')).toMatch(/^Sound: checked 1 seal /)
    const wrong = await user.run(['verify', 'proven', '--root', '0'.repeat(64), '--leaves', '1', '--json'])
    expect([wrong.code, JSON.parse(wrong.text)]).toMatchObject([9, { faults: [{ what: 'root' }], more: 0, seals: 3 }])
    const other = await user.run(['verify', 'thesis', '--root-file', user.path('roots')])
    expect([other.code, other.text]).toEqual([9, expect.stringMatching(/is that of another project/)])
    writeFileSync(user.path('no-roots'), 'nonsense\n')
    expect(await user.run(['verify', 'proven', '--root-file', user.path('no-roots')])).toMatchObject({ code: 2 })
    expect(await user.run(['verify', 'proven', '--root', '0'.repeat(64)])).toMatchObject({ code: 2 })
  })

  it('have nothing to say of what is no file', async () => {
    mkdirSync(user.path('links'))
    symlinkSync('x', user.path('links/link'))
    await user.ize('init', 'links', '--from', 'links')
    expect(await user.run(['prove', 'links', 'link'])).toMatchObject({ code: 4 })
    expect(await user.run(['prove', 'links', '.'])).toMatchObject({ code: 4 })
    expect(await user.run(['prove', 'links', 'never'])).toMatchObject({ code: 3 })
  })
})
