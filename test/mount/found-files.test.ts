import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isAlive } from '../../src-main/client/is-alive.ts'
import type { Result } from '../../src-preload/contract.ts'
import { IzeUser } from '../support/ize-command.ts'
import { until } from '../support/until.ts'

type Found = Result<'projects.found'>
type Adopted = Result<'projects.adopt'>

// Programs write where a project is not mounted; a real engine and real mounts, killed between the steps.
let user: IzeUser
let folder: string

beforeEach(async () => {
  user = new IzeUser()
  folder = join(user.home, 'thesis')
  await user.ize('init', 'thesis')
  await user.ize('mount', 'thesis', folder)
  writeFileSync(`${folder}/notes.txt`, 'notes\n')
  writeFileSync(`${folder}/same.txt`, 'same\n')
  mkdirSync(`${folder}/chapters`)
  writeFileSync(`${folder}/chapters/one.txt`, 'one\n')
  await user.ize('status', 'thesis', '--wait')
  await user.ize('unmount', 'thesis')
  chmodSync(folder, 0o755)
  writeFileSync(`${folder}/notes.txt`, 'other notes\n')
  writeFileSync(`${folder}/same.txt`, 'same\n')
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9])]), 'bytes\n')
  mkdirSync(`${folder}/figures/deep`, { recursive: true })
  writeFileSync(`${folder}/figures/deep/plot.sh`, '#!/bin/sh\n', { mode: 0o755 })
  symlinkSync('plot.sh', `${folder}/figures/deep/link`)
  mkdirSync(`${folder}/chapters`)
  writeFileSync(`${folder}/chapters/two.txt`, 'two\n')
})
afterEach(() => user.remove())

const beside = (): string[] => readdirSync(user.home).filter((name) => name !== 'thesis')
const found = (): Promise<Found> => user.json('adopt', 'thesis', '--dry-run')
/** The name that the project's own notes.txt left to the one that was found. */
const other = (): string => readdirSync(folder).find((name) => name.startsWith('notes (found ')) ?? ''

function expectAll(): void {
  expect(readFileSync(`${folder}/notes.txt`, 'utf8')).toBe('notes\n')
  expect(readFileSync(`${folder}/${other()}`, 'utf8')).toBe('other notes\n')
  expect(other()).toMatch(/^notes \(found [-\d]+ [.\d]+\)\.txt$/)
  expect(readFileSync(`${folder}/same.txt`, 'utf8')).toBe('same\n')
  expect(readFileSync(`${folder}/chapters/one.txt`, 'utf8')).toBe('one\n')
  expect(readFileSync(`${folder}/chapters/two.txt`, 'utf8')).toBe('two\n')
  expect(statSync(`${folder}/figures/deep/link`).mode & 0o777).toBe(0o755)
  expect(readdirSync(folder, 'latin1').sort()).toEqual(
    ['caf\xe9', 'chapters', 'figures', other(), 'notes.txt', 'same.txt'].sort(),
  )
  const [moved = ''] = beside()
  expect(beside()).toEqual([expect.stringMatching(/^thesis \(taken in [-\d]+ [.\d]+\)$/)])
  expect(readFileSync(join(user.home, moved, 'notes.txt'), 'utf8')).toBe('other notes\n')
  expect(readFileSync(join(user.home, moved, 'figures/deep/plot.sh'), 'utf8')).toBe('#!/bin/sh\n')
}

describe('what lies at a mount point', () => {
  it('is told while nothing is mounted, and after it was moved beside', async () => {
    expect(await found()).toEqual({
      found: [],
      waiting: { folder, names: ['caf%E9', 'chapters', 'figures', 'notes.txt', 'same.txt'], more: 0 },
    })
    expect((await user.run(['adopt', 'thesis'])).text).toMatch(/At the mount point: .*chapters.*Mount the project/)
    const mounted = await user.run(['mount', 'thesis'])
    expect(mounted.errors).toMatch(/is now in .*thesis \(found .*\n.*ize adopt thesis/)
    expect(await found()).toMatchObject({
      found: [{ folder: expect.stringMatching(/thesis \(found /), files: 6, bytes: 37 }],
      waiting: null,
    })
  })

  it('is taken in as new files, over nothing; the originals are kept', async () => {
    await user.ize('mount', 'thesis')
    const [done] = await user.json<Adopted[]>('adopt', 'thesis')
    expect(done).toMatchObject({ taken: 4, same: 1, renamed: [{ path: 'notes.txt', as: other() }] })
    expectAll()
    expect(await found()).toEqual({ found: [], waiting: null })
    const history = await user.json<{ path: string; program: string }[]>('history', 'thesis', 'chapters/two.txt')
    expect(history).toMatchObject([{ path: 'chapters/two.txt', program: 'ize adopt' }])
  })

  it('is not taken into a project that is not mounted, and no other folder is', async () => {
    await user.ize('mount', 'thesis')
    const folderFound = (await found()).found[0]?.folder ?? ''
    await user.ize('unmount', 'thesis')
    expect(await user.run(['adopt', 'thesis', folderFound])).toMatchObject({ code: 3 })
    await user.ize('mount', 'thesis')
    mkdirSync(user.path('elsewhere'))
    const refused = await user.run(['adopt', 'thesis', user.path('elsewhere'), '--json'])
    expect(JSON.parse(refused.text)).toMatchObject({ error: { code: 'E_PATH_UNKNOWN' } })
    expect(existsSync(folderFound)).toBe(true)
  })

  it('is the user’s own where Ize never was', async () => {
    await user.ize('init', 'other')
    mkdirSync(user.path('full'))
    writeFileSync(user.path('full/x'), 'x')
    expect(await user.run(['mount', 'other', user.path('full')])).toMatchObject({ code: 4 })
    expect(await user.json('adopt', 'other', '--dry-run')).toEqual({ found: [], waiting: null })
  })
})

describe('ended in the middle', () => {
  it('of the copying, it goes on where it was', async () => {
    user.env['IZE_FAILPOINT'] = 'found-placed:2'
    await user.ize('daemon', 'stop')
    await user.ize('mount', 'thesis')
    expect(await user.run(['adopt', 'thesis'])).toMatchObject({ code: 1 })
    expect((await found()).found).toHaveLength(1)
    expect(readFileSync(`${folder}/notes.txt`, 'utf8')).toBe('notes\n')
    delete user.env['IZE_FAILPOINT']
    await user.ize('daemon', 'stop')
    await user.ize('adopt', 'thesis')
    expectAll()
  })

  it.each(['copied', 'recorded'])('behind "%s", it is offered again, and nothing is there twice', async (place) => {
    user.env['IZE_FAILPOINT'] = `found-${place}:1`
    await user.ize('daemon', 'stop')
    await user.ize('mount', 'thesis')
    expect((await user.run(['adopt', 'thesis'])).code).not.toBe(0)
    const pid = user.enginePid() ?? 0
    await until(() => !isAlive(pid))
    delete user.env['IZE_FAILPOINT']
    const [done] = await user.json<Adopted[]>('adopt', 'thesis')
    expect(done).toMatchObject({ taken: 0 })
    expectAll()
  })
})
