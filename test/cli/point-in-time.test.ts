import { readFileSync, rmSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { IzeUser } from '../support/ize-command.ts'

// One project that is never mounted: a file with two versions, of an import and of a restore.
let user: IzeUser

beforeAll(async () => {
  user = new IzeUser()
  mkdirSync(user.path('source/chapters/drafts'), { recursive: true })
  writeFileSync(user.path('source/notes.txt'), 'one\n')
  writeFileSync(user.path('source/chapters/a.txt'), 'a\n')
  writeFileSync(user.path('source/chapters/drafts/b.txt'), 'b\n')
  await user.ize('init', 'thesis', '--from', 'source')
})
afterAll(() => user.remove())

async function refused(...args: string[]): Promise<{ code: string; message: string; exit: number | null }> {
  const ran = await user.run([...args, '--json'])
  const { error } = JSON.parse(ran.text) as { error: { code: string; message: string } }
  return { ...error, exit: ran.code }
}

describe('a time as a version', () => {
  it('is taken wherever a version is', async () => {
    for (const now of ['now', 'today', '2999-01-01', '2999-01-01T00:00:00+02:00']) {
      expect(await user.ize('show', 'thesis', `notes.txt@${now}`)).toBe('one\n')
      expect(await user.ize('show', 'thesis', 'notes.txt', '--at', now)).toBe('one\n')
    }
    expect(await user.ize('restore', 'thesis', 'notes.txt', '0 minutes ago')).toMatch(/already/)
    await user.ize('export', 'thesis', user.path('exported'), '--at', 'now')
    expect(readFileSync(user.path('exported/chapters/a.txt'), 'utf8')).toBe('a\n')
    expect(await user.run(['diff', 'thesis', 'notes.txt@now', '--to', 'now'])).toMatchObject({
      code: 0,
      errors: 'No difference.\n',
    })
  })

  it('before the project began says when that was', async () => {
    expect(await refused('show', 'thesis', 'notes.txt@3 years ago')).toMatchObject({
      code: 'E_VERSION_UNKNOWN',
      message: expect.stringMatching(/^The project began at 20/) as string,
      exit: 3,
    })
  })

  it('that is none is refused with examples', async () => {
    for (const args of [
      ['show', 'thesis', 'notes.txt', '--at', 'yesterday 25:00'],
      ['restore', 'thesis', 'notes.txt', 'some time ago'],
    ]) {
      expect(await refused(...args)).toMatchObject({
        code: 'E_TIME_UNKNOWN',
        message: expect.stringContaining('"10 minutes ago"') as string,
        exit: 2,
      })
    }
  })
})

interface Listed {
  path: string
  type: string
  version: number
  mode: number
}

describe('ize ls', () => {
  it('lists names, one level or all, as of any version', async () => {
    expect(await user.ize('ls', 'thesis')).toBe('chapters/\nnotes.txt\n')
    expect(await user.ize('ls', 'thesis', 'chapters', '-r')).toBe('a.txt\ndrafts/\ndrafts/b.txt\n')
    expect(await user.ize('ls', 'thesis', 'notes.txt')).toBe('notes.txt\n')
    expect(await user.ize('ls', 'thesis', '-l')).toMatch(/^drwx.*\n-rw-r--r-- +4 bytes +20.* @1 +notes\.txt\n$/)
    expect(await user.json<Listed[]>('ls', 'thesis', '--at', 'now')).toMatchObject([
      { path: 'chapters', type: 'directory' },
      { path: 'notes.txt', type: 'file', size: 4, version: 1, mode: 0o644 },
    ])
  })

  it('has clear answers for what is empty, unknown, or gone', async () => {
    await user.ize('init', 'empty')
    expect(await user.run(['ls', 'empty'])).toMatchObject({ code: 0, text: '', errors: 'Nothing is in it.\n' })
    expect(await user.json('ls', 'empty')).toEqual([])
    expect(await user.run(['ls', 'thesis', '--deleted'])).toMatchObject({ code: 0, errors: 'Nothing is gone.\n' })
    expect(await refused('ls', 'thesis', 'nope')).toMatchObject({ code: 'E_PATH_UNKNOWN' })
    expect(await refused('ls', 'thesis', '--deleted', '--at', 'now')).toMatchObject({ code: 'E_USAGE' })
  })
})

describe('ize history', () => {
  it('is narrowed to times, programs, kinds, paths', async () => {
    expect(await user.json('history', 'thesis', '--grep', '*.txt', '--since', 'today')).toHaveLength(3)
    expect(await user.json('history', 'thesis', '--kind', 'import', '--grep', 'DRAFTS')).toHaveLength(2)
    expect(await user.json('history', 'thesis', '--program', 'ize init')).toHaveLength(5)
    expect(await user.json('history', 'thesis', 'chapters', '--until', 'yesterday')).toEqual([])
    expect(await user.run(['history', 'thesis', '--deleted'])).toMatchObject({
      code: 0,
      errors: 'Nothing in history is like that.\n',
    })
    expect(await user.ize('history', 'thesis', '--since', 'today')).toMatch(/import/)
    expect(await user.run(['history', 'thesis', '--until', 'yesterday'])).toMatchObject({ text: '' })
    expect((await refused('history', 'thesis', '--since', '3')).code).toBe('E_TIME_UNKNOWN')
    expect((await user.run(['history', 'thesis', '--kind', 'nonsense'])).code).toBe(2)
  })
})

describe('ize restore --to', () => {
  it('writes a version beside the project', async () => {
    await user.ize('restore', 'thesis', 'notes.txt', '1', '--to', user.path('beside'))
    expect(readFileSync(user.path('beside/notes.txt'), 'utf8')).toBe('one\n')
    await user.ize('restore', 'thesis', 'chapters@now', '--to', user.path('beside-folder'))
    expect(readFileSync(user.path('beside-folder/drafts/b.txt'), 'utf8')).toBe('b\n')
    expect((await refused('restore', 'thesis', '.', '1', '--to', user.path('beside'))).code).toBe('E_EXPORT_TARGET')
    expect((await refused('restore', 'thesis', '.', '1', '--to', 'x', '--dry-run')).code).toBe('E_USAGE')
  })
})

it('an index that is gone is made anew by the first question', async () => {
  await user.ize('init', 'lost', '--from', 'source')
  const { projects } = { projects: await user.json<{ id: string; name: string }[]>('list') }
  const id = projects.find(({ name }) => name === 'lost')?.id ?? ''
  await user.ize('daemon', 'stop')
  for (const part of ['', '-wal', '-shm'])
    rmSync(join(user.central, 'projects', id, `index.db${part}`), { force: true })
  expect(await user.json('history', 'lost', 'notes.txt')).toHaveLength(1)
})
