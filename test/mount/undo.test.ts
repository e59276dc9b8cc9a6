import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { IzeUser } from '../support/ize-command.ts'

let user: IzeUser

beforeAll(() => {
  user = new IzeUser()
  mkdirSync(user.path('source/chapters/drafts'), { recursive: true })
  writeFileSync(user.path('source/notes.txt'), 'one\n')
  writeFileSync(user.path('source/chapters/a.txt'), 'a\n')
  writeFileSync(user.path('source/chapters/drafts/b.txt'), 'b\n')
})
afterAll(() => user.remove())

describe('ize restore and undo', () => {
  const content = (path: string) => user.ize('show', 'undone', path)
  const files = async () => (await user.json<{ path: string }[]>('ls', 'undone', '-r')).map(({ path }) => path)

  it('preview, put back, take back, and take that back', async () => {
    await user.ize('init', 'undone', '--from', 'source')
    expect(await user.run(['undo', 'undone'])).toMatchObject({
      code: 3,
      errors: expect.stringMatching(/^ize: Nothing was ever restored/) as string,
    })
    const point = user.path('mounted')
    await user.ize('mount', 'undone', point)
    writeFileSync(join(point, 'notes.txt'), 'two\n')
    writeFileSync(join(point, 'new.txt'), 'new\n')
    rmSync(join(point, 'chapters'), { recursive: true })
    await user.ize('unmount', 'undone')

    const first = ['restore', 'undone', '.', '1', '--exact']
    expect(await user.ize(...first, '--dry-run')).toMatch(
      /\+ chapters\n\+ chapters\/a.txt\n.*\n.*\n~ notes.txt\n- new.txt\nWould be: 4 created, 1 overwritten, 1 removed. Nothing was done.\n$/,
    )
    expect(await content('notes.txt')).toBe('two\n')
    expect(await user.json('diff', 'undone', '--at', '1', '--stat')).toMatchObject({
      counts: { create: 1, edit: 1, delete: 4, rename: 0, attributes: 0 },
      added: 2,
      removed: 3,
    })
    expect(await user.ize('ls', 'undone', '--deleted')).toMatch(/chapters\/a\.txt/)

    expect(await user.ize(...first)).toMatch(/Undo: ize undo undone\n$/)
    expect(await files()).toEqual([
      'chapters',
      'chapters/a.txt',
      'chapters/drafts',
      'chapters/drafts/b.txt',
      'notes.txt',
    ])
    expect(await user.ize('undo', 'undone', '--dry-run')).toMatch(/Would be: 1 created, 1 overwritten, 4 removed/)
    await user.ize('undo', 'undone')
    expect(await files()).toEqual(['new.txt', 'notes.txt'])
    expect(await content('notes.txt')).toBe('two\n')
    await user.ize('undo', 'undone')
    expect(await content('notes.txt')).toBe('one\n')
    expect(await files()).toHaveLength(5)
  })
})
