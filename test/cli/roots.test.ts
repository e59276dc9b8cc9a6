import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { IzeUser } from '../support/ize-command.ts'
import { until } from '../support/until.ts'

let user: IzeUser

interface Root {
  project: string
  leaves: number
  root: string
  key: string
}

beforeEach(async () => {
  user = new IzeUser()
  mkdirSync(user.central, { mode: 0o700 })
  writeFileSync(join(user.central, 'config.toml'), 'upkeep.idle-seconds = 1\n')
  mkdirSync(user.path('source'))
  writeFileSync(user.path('source/notes.txt'), 'one\n')
  await user.ize('init', 'thesis', '--from', 'source')
})
afterEach(() => user.remove())

const git = (...args: string[]): string =>
  execFileSync('git', ['-C', user.path('repo'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, HOME: user.home },
  })
const place = (): string => `git:${user.path('repo')}#refs/ize/roots`
const linesOf = (text: string): Root[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Root)

function keep(to: string): Promise<string> {
  return user.ize('config', 'set', 'root.append-to', to, '--project', 'thesis')
}

/** The note of the last root, as it would be after two days. */
function twoDaysLater(): void {
  const [uuid = ''] = readdirSync(join(user.central, 'projects'))
  const file = join(user.central, 'projects', uuid, 'meta', 'kept-root.json')
  const note = JSON.parse(readFileSync(file, 'utf8')) as { time: number }
  writeFileSync(file, JSON.stringify({ ...note, time: note.time - 2 * 86_400_000 }))
}

describe('the root of each day', { timeout: 120_000 }, () => {
  it('is added to a file when there are new seals, once', async () => {
    const file = user.path('roots')
    await keep(file)
    await until(() => existsSync(file) && linesOf(readFileSync(file, 'utf8')).length === 1, 30_000)
    await user.ize('seal', 'thesis', '-m', 'of the same day')
    await new Promise((done) => setTimeout(done, 3000))
    expect(linesOf(readFileSync(file, 'utf8')).map(({ leaves }) => leaves)).toEqual([1])
    twoDaysLater()
    await until(() => linesOf(readFileSync(file, 'utf8')).length === 2, 30_000)
    // Without a new seal there is nothing to say.
    twoDaysLater()
    await new Promise((done) => setTimeout(done, 3000))
    expect(linesOf(readFileSync(file, 'utf8')).map(({ leaves }) => leaves)).toEqual([1, 2])
    expect(await user.ize('verify', 'thesis', '--root-file', file)).toMatch(
      /^Sound: .*, 2 earlier roots; .*\n2 roots signed by your own key, ed25519:[\w-]{43}\.\n$/,
    )
  })

  it('is added to a ref of a git repository, beside what else is there, and nothing is checked out', async () => {
    mkdirSync(user.path('repo'))
    git('init', '-q')
    await keep(place())
    const commits = (): string[] => {
      const refs = git('for-each-ref', '--format=%(refname)')
      return refs === 'refs/ize/roots\n' ? git('rev-list', 'refs/ize/roots').trimEnd().split('\n') : []
    }
    await until(() => commits().length === 1, 30_000)
    await user.ize('seal', 'thesis', '-m', 'second')
    expect(await user.ize('root', 'thesis', '--append')).toMatch(/ over 2 seals/)
    expect(commits()).toHaveLength(2)
    expect(linesOf(git('cat-file', 'blob', 'refs/ize/roots:roots')).map(({ leaves }) => leaves)).toEqual([1, 2])
    expect(readdirSync(user.path('repo'))).toEqual(['.git'])
    git('fsck', '--strict')
    expect(await user.ize('verify', 'thesis', '--root-file', place())).toMatch(/2 roots signed by your own key/)
  })

  it('says so when it cannot be added, until it can', async () => {
    await keep(user.path('nowhere/roots'))
    const problem = async (): Promise<string | null> =>
      (await user.json<{ problem: string | null }>('status', 'thesis')).problem
    let said: string | null = null
    for (let n = 0; said === null && n < 300; n++) {
      said = await problem()
      await new Promise((done) => setTimeout(done, 100))
    }
    expect(said).toMatch(/^The root of today is not kept yet: .*nowhere\/roots: ENOENT/)
    mkdirSync(user.path('nowhere'))
    await until(() => existsSync(user.path('nowhere/roots')), 30_000)
    for (let n = 0; said !== null && n < 300; n++) {
      said = await problem()
      await new Promise((done) => setTimeout(done, 100))
    }
    expect(said).toBeNull()
  })
})

describe('a place for roots', { timeout: 120_000 }, () => {
  it('is refused in words when it is none', async () => {
    for (const [to, exit] of [
      ['relative/roots', 8],
      ['git:/srv/repo', 8],
      ['git:/srv/repo#refs/../x', 8],
    ] as const) {
      expect(await user.run(['config', 'set', 'root.append-to', to, '--project', 'thesis'])).toMatchObject({
        code: exit,
      })
    }
    const none = await user.run(['root', 'thesis', '--append'])
    expect([none.code, none.errors]).toEqual([2, expect.stringMatching(/No place for roots is set/)])
    mkdirSync(user.path('repo'))
    const plain = await user.run(['root', 'thesis', '--append', place()])
    expect([plain.code, plain.errors]).toEqual([
      4,
      expect.stringMatching(/could not be added to .*not a git repository/),
    ])
    git('init', '-q', '-b', 'main')
    const branch = await user.run(['root', 'thesis', '--append', place().replace('refs/ize/roots', 'refs/heads/main')])
    expect([branch.code, branch.errors]).toEqual([4, expect.stringMatching(/refs\/heads\/main is checked out/)])
    expect(await user.run(['verify', 'thesis', '--root-file', place()])).toMatchObject({ code: 3 })
  })

  it('keeps other files of the ref, and a commit that came meanwhile', async () => {
    mkdirSync(user.path('repo'))
    git('init', '-q', '--bare', '.')
    const blob = execFileSync('git', ['-C', user.path('repo'), 'hash-object', '-w', '--stdin'], { input: 'other' })
    const tree = execFileSync('git', ['-C', user.path('repo'), 'mktree'], {
      input: `100644 blob ${String(blob).trim()}\tother file\n`,
    })
    const who = ['-c', 'user.name=x', '-c', 'user.email=x@localhost']
    const commit = git(...who, 'commit-tree', String(tree).trim(), '-m', 'before').trim()
    git('update-ref', 'refs/ize/roots', commit)
    await Promise.all([1, 2, 3].map(() => user.ize('root', 'thesis', '--append', place())))
    expect(git('ls-tree', '--name-only', 'refs/ize/roots')).toBe('other file\nroots\n')
    expect(linesOf(git('cat-file', 'blob', 'refs/ize/roots:roots'))).toHaveLength(3)
    expect(git('rev-list', '--count', 'refs/ize/roots')).toBe('4\n')
  })
})

describe('whose key signed the roots', { timeout: 120_000 }, () => {
  it('is said: your own, the given one, or that of nobody known', async () => {
    const file = user.path('roots')
    await user.ize('root', 'thesis', '--append', file)
    const [{ key } = { key: '' }] = linesOf(readFileSync(file, 'utf8'))
    expect(await user.ize('verify', 'thesis', '--root-file', file)).toMatch(/\n1 root signed by your own key, ed25519/)
    expect(await user.ize('verify', 'thesis', '--root-file', file, '--key', key)).toMatch(
      /\n1 root signed by the given key/,
    )
    writeFileSync(user.path('key'), `# of Ann\n${key}\n`)
    expect(await user.ize('verify', 'thesis', '--root-file', file, '--key', user.path('key'))).toMatch(
      /by the given key/,
    )

    // The key is another one from now on: the old roots are still good, and by someone unknown.
    const keyFile = join(user.home, '.config/ize/keys/ed25519')
    const { privateKey } = generateKeyPairSync('ed25519')
    writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    await user.ize('seal', 'thesis', '-m', 'later')
    await user.ize('root', 'thesis', '--append', file)
    expect(await user.ize('verify', 'thesis', '--root-file', file)).toMatch(
      /\n1 root signed by ed25519:\S+: whose key that is was not shown, .*\n1 root signed by your own key/,
    )
    const wrong = await user.run(['verify', 'thesis', '--root-file', file, '--key', keyFile, '--json'])
    expect([wrong.code, JSON.parse(wrong.text)]).toMatchObject([
      9,
      {
        faults: [],
        kept: {
          signers: [
            { key, whose: 'unknown', roots: 1 },
            { whose: 'given', roots: 1 },
          ],
          fault: {
            code: 'E_ROOT_KEY',
            message: expect.stringMatching(/^1 of 2 roots of this project were signed by /),
          },
        },
      },
    ])
    expect(await user.run(['verify', 'thesis', '--key', key])).toMatchObject({ code: 2 })
    expect(await user.run(['verify', 'thesis', '--root-file', file, '--key', file])).toMatchObject({ code: 4 })
    expect(await user.run(['verify', 'thesis', '--root-file', file, '--key', 'nowhere'])).toMatchObject({ code: 3 })
  })

  it('is asked of the roots of this project alone, and torn lines are named', async () => {
    const file = user.path('roots')
    await user.ize('init', 'other')
    await user.ize('root', 'thesis', '--append', file)
    await user.ize('seal', 'other', '-m', 'x')
    await user.ize('root', 'other', '--append', file)
    appendFileSync(file, '{"version":1,"proj')
    await user.ize('root', 'thesis', '--append', file)
    expect(await user.ize('verify', 'thesis', '--root-file', file)).toMatch(
      /2 earlier roots; .*\n2 roots signed by your own key, .*\n1 root of other projects was passed over\.\nLine 3: no signed root, passed over\.\n$/,
    )
  })

  it('is your own in a proof that you check yourself', async () => {
    writeFileSync(user.path('proof.json'), await user.ize('prove', 'thesis', 'notes.txt'))
    const checked = await user.ize('check-proof', user.path('proof.json'), user.path('source/notes.txt'))
    expect(checked).toMatch(/shown {2}Your own key ed25519:\S+ signed that root/)
    expect(checked).not.toMatch(/NOT SHOWN/)
  })
})
