import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTarget } from '../../src-main/cli/target.ts'

const directory = mkdtempSync(join(tmpdir(), 'ize-target-'))
const mount = join(directory, 'mount')

beforeAll(() => {
  mkdirSync(join(mount, 'chapters'), { recursive: true })
  symlinkSync(directory, join(directory, 'link'))
})
afterAll(() => rmSync(directory, { recursive: true }))

function read(argument: string, existing: string[], cwd = '/', mountPoint: string | null = mount) {
  const known = async (paths: readonly string[]) => paths.map((path) => path === '' || existing.includes(path))
  return readTarget(argument, { project: 'thesis', mountPoint, cwd, known })
}

describe('path@V', () => {
  it('is split at the last @', async () => {
    expect(await read('notes.txt@3', ['notes.txt'])).toEqual({ path: 'notes.txt', version: '3' })
    expect(await read('me@home.txt@QJSL', ['me@home.txt'])).toEqual({ path: 'me@home.txt', version: 'QJSL' })
  })

  it('is a path when such a one exists', async () => {
    expect(await read('notes@3', ['notes', 'notes@3'])).toEqual({ path: 'notes@3', version: undefined })
    expect(await read('notes@3@2', ['notes', 'notes@3'])).toEqual({ path: 'notes@3', version: '2' })
  })

  it('may mean the whole project', async () => {
    expect(await read('.@12', [])).toEqual({ path: '', version: '12' })
    expect(await read('.', [])).toEqual({ path: '', version: undefined })
  })

  it('names what is not known without its version', async () => {
    await expect(read('nope@3', [])).rejects.toMatchObject({ code: 'E_PATH_UNKNOWN', data: { path: 'nope' } })
    await expect(read('me@home.txt', [])).rejects.toMatchObject({ data: { path: 'me@home.txt' } })
    await expect(read('nope@', [])).rejects.toMatchObject({ code: 'E_PATH_UNKNOWN', data: { path: 'nope@' } })
  })
})

describe('a path argument', () => {
  it('is relative to the current folder within the mount, else to the project', async () => {
    const existing = ['one.txt', 'chapters/one.txt']
    expect((await read('one.txt', existing, join(mount, 'chapters'))).path).toBe('chapters/one.txt')
    expect((await read('chapters/one.txt', existing, join(mount, 'chapters'))).path).toBe('chapters/one.txt')
    expect((await read('../one.txt', existing, join(mount, 'chapters'))).path).toBe('one.txt')
    expect((await read('one.txt', existing, directory)).path).toBe('one.txt')
  })

  it('may be absolute, also through a link above the mount', async () => {
    expect((await read(join(mount, 'one.txt'), ['one.txt'])).path).toBe('one.txt')
    expect((await read(join(directory, 'link/mount/chapters/gone.txt@2'), ['chapters/gone.txt'])).path).toBe(
      'chapters/gone.txt',
    )
    expect((await read(mount, [])).path).toBe('')
  })

  it('is refused when it leads out of the project', async () => {
    for (const argument of ['/etc/passwd', '../x', 'a/../../x', `${mount}-other/x`]) {
      await expect(read(argument, [])).rejects.toMatchObject({ code: 'E_PATH_OUTSIDE' })
    }
    await expect(read(join(mount, 'one.txt'), ['one.txt'], '/', null)).rejects.toMatchObject({ code: 'E_PATH_OUTSIDE' })
  })

  it('may be written with %XX for bytes that are not UTF-8, but a name as it stands comes first', async () => {
    expect((await read('caf%E9', ['caf%E9'])).path).toBe('caf%E9')
    expect((await read('caf%E9', ['caf%E9', 'caf%25E9'])).path).toBe('caf%25E9')
  })
})
