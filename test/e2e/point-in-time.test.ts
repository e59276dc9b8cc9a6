import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { IzeUser } from '../support/ize-command.ts'

// What people ask of a history, on a real mount and with the real command (docs/user-guide.md tells the same stories).
let user: IzeUser
let point: string

beforeEach(async () => {
  user = new IzeUser()
  point = user.path('work')
  mkdirSync(user.path('thesis/chapters/drafts'), { recursive: true })
  writeFileSync(user.path('thesis/notes.txt'), 'Call the library.\n')
  writeFileSync(user.path('thesis/chapters/one.txt'), 'It begins.\n')
  writeFileSync(user.path('thesis/chapters/drafts/two.txt'), 'It goes on.\n')
  await user.ize('init', 'thesis', '--from', user.path('thesis'))
  await user.ize('mount', 'thesis', point)
})
afterEach(() => user.remove())

const recorded = () => user.ize('status', 'thesis', '--wait')
/** Every file of the mount, with its contents. */
const files = () =>
  Object.fromEntries(
    readdirSync(point, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [file.slice(point.length + 1), readFileSync(file, 'utf8')]),
  )

/** A time between what was done before and what comes after. */
async function moment(): Promise<string> {
  await recorded()
  await sleep(50)
  const now = new Date().toISOString()
  await sleep(50)
  return now
}

interface Row {
  readonly path: string
  readonly version: number
  readonly action: string
  readonly program: string | null
}

describe('I deleted a folder', () => {
  it('and find what was in it, when it went and by whom, read it, and get it back', async () => {
    appendFileSync(join(point, 'chapters/one.txt'), 'It was better now.\n')
    const before = await moment()
    execFileSync('rm', ['-r', join(point, 'chapters')])
    writeFileSync(join(point, 'notes.txt'), 'Written since.\n')
    await recorded()

    const gone = await user.json<Row[]>('ls', 'thesis', '--deleted')
    expect(gone.map(({ path }) => path).sort()).toEqual([
      'chapters',
      'chapters/drafts',
      'chapters/drafts/two.txt',
      'chapters/one.txt',
    ])
    expect(gone.map(({ program }) => program)).toEqual(['rm', 'rm', 'rm', 'rm'])
    expect(await user.ize('ls', 'thesis', 'chapters', '--at', before, '-r')).toBe('drafts/\ndrafts/two.txt\none.txt\n')
    const history = await user.json<Row[]>('history', 'thesis', 'chapters/one.txt')
    expect(history.map(({ action }) => action)).toEqual(['delete', 'edit', 'create'])
    expect((await user.json<Row[]>('history', 'thesis', 'chapters', '--deleted', '--program', 'rm')).length).toBe(4)
    expect(await user.ize('show', 'thesis', `chapters/one.txt@${before}`)).toBe('It begins.\nIt was better now.\n')

    await user.ize('restore', 'thesis', 'chapters', '--at', before)
    expect(files()).toEqual({
      'chapters/drafts/two.txt': 'It goes on.\n',
      'chapters/one.txt': 'It begins.\nIt was better now.\n',
      'notes.txt': 'Written since.\n',
    })
    expect(await user.run(['ls', 'thesis', '--deleted'])).toMatchObject({ text: '' })
  })
})

describe('which version had this sentence', () => {
  it('is answered with file, versions and line, also for what is gone', async () => {
    const draft = join(point, 'chapters/one.txt')
    writeFileSync(draft, 'It begins.\nThe committee agreed in the end.\n')
    await recorded()
    appendFileSync(draft, 'More of it.\n')
    await recorded()
    writeFileSync(draft, 'It begins.\nMore of it.\n')
    await recorded()
    rmSync(join(point, 'chapters/drafts'), { recursive: true })
    await recorded()

    const { text } = await user.json<{ text: { hits: Record<string, unknown>[]; behind: number } }>(
      ...['search', 'thesis', 'the COMMITTEE agreed', '--wait'],
    )
    expect(text).toMatchObject({
      behind: 0,
      hits: [
        {
          from: { path: 'chapters/one.txt', version: 2 },
          to: { version: 3 },
          still: false,
          line: 2,
          context: 'The committee agreed in the end.',
        },
      ],
    })
    expect(await user.ize('search', 'thesis', 'it goes on')).toMatch(
      /^Texts\n {2}chapters\/drafts\/two\.txt {2}@1 .*1: It goes on\.\n$/,
    )
    expect(await user.ize('search', 'thesis', 'drafts', '--names')).toMatch(/chapters\/drafts\/ .*deleted\n/)
    expect(await user.run(['search', 'thesis', 'nobody wrote this'])).toMatchObject({ errors: 'Nothing was found.\n' })
    await user.ize('restore', 'thesis', 'chapters/one.txt', '3')
    expect(readFileSync(draft, 'utf8')).toContain('The committee agreed')
  })
})

describe('put the project back to before that script ran', () => {
  it('with a look at what would change, and taken back when it was the wrong moment', async () => {
    const before = await moment()
    const was = files()
    execFileSync(
      'bash',
      ['-c', 'sed -i s/library/LIBRARY/ notes.txt; rm -r chapters; mkdir out; echo x > out/a; echo y > b'],
      {
        cwd: point,
      },
    )
    await recorded()
    const after = files()

    const stat = await user.ize('diff', 'thesis', '--at', before, '--stat')
    expect(stat).toMatch(/^created +b +\+1$/m)
    expect(stat).toMatch(/^deleted +chapters\/one\.txt +-1$/m)
    expect(stat).toMatch(/^edited +notes\.txt +\+1 +-1$/m)
    expect(await user.ize('diff', 'thesis', '--at', before, '--to', 'now')).toContain('+Call the LIBRARY.')
    expect((await user.json<Row[]>('history', 'thesis', '--since', before, '--program', 'sed')).length).toBeGreaterThan(
      0,
    )

    const back = ['restore', 'thesis', '.', '--at', before, '--exact']
    expect(await user.ize(...back, '--dry-run')).toMatch(
      /Would be: 4 created, 1 overwritten, 3 removed\. Nothing was done\./,
    )
    expect(files()).toEqual(after)
    await user.ize(...back)
    expect(files()).toEqual(was)
    expect(existsSync(join(point, 'out'))).toBe(false)
    await user.ize('undo', 'thesis')
    expect(files()).toEqual(after)
    await user.ize('undo', 'thesis')
    expect(files()).toEqual(was)
    await user.ize('restore', 'thesis', '.', 'now', '--to', user.path('beside'))
    expect(readFileSync(user.path('beside/notes.txt'), 'utf8')).toBe('Call the library.\n')
  })
})

it('an index that is made anew answers the same', async () => {
  writeFileSync(join(point, 'notes.txt'), 'A sentence to find.\n')
  rmSync(join(point, 'chapters'), { recursive: true })
  await recorded()
  await user.ize('unmount', 'thesis')
  const questions = [
    ['history', 'thesis'],
    ['history', 'thesis', 'chapters'],
    ['ls', 'thesis', '-r', '--at', '1'],
    ['ls', 'thesis', '--deleted'],
    ['diff', 'thesis', '--at', '1', '--stat'],
    ['search', 'thesis', 'sentence to', '--wait'],
  ]
  const answers = async (): Promise<unknown[]> => {
    const all: unknown[] = []
    for (const question of questions) all.push(await user.json(...question))
    return all
  }
  const before = await answers()
  expect(await user.ize('doctor', 'thesis', '--rebuild-index')).toMatch(/made anew from \d+ changes/)
  expect(await answers()).toEqual(before)
})
