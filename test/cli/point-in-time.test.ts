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

it('an index that is gone is made anew by the first question', async () => {
  await user.ize('init', 'lost', '--from', 'source')
  const { projects } = { projects: await user.json<{ id: string; name: string }[]>('list') }
  const id = projects.find(({ name }) => name === 'lost')?.id ?? ''
  await user.ize('daemon', 'stop')
  for (const part of ['', '-wal', '-shm'])
    rmSync(join(user.central, 'projects', id, `index.db${part}`), { force: true })
  expect(await user.json('history', 'lost', 'notes.txt')).toHaveLength(1)
})
