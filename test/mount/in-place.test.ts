import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectEngine } from '../../src-main/client/connect.ts'
import type { EngineClient } from '../../src-main/client/engine-client.ts'
import { isAlive } from '../../src-main/client/is-alive.ts'
import { IzeUser } from '../support/ize-command.ts'
import { until } from '../support/until.ts'

// A project takes the place of the folder it is made of: a real engine, a real mount, killed between the steps.
let user: IzeUser
let folder: string
let before: string

beforeEach(() => {
  user = new IzeUser()
  folder = user.path('thesis')
  before = `${folder}.before-ize`
  mkdirSync(`${folder}/chapters`, { recursive: true })
  writeFileSync(`${folder}/chapters/one.txt`, 'one\n')
  writeFileSync(`${folder}/notes.txt`, 'notes\n')
  writeFileSync(`${folder}/old.txt`, 'old\n')
  writeFileSync(`${folder}/run.sh`, '#!/bin/sh\n', { mode: 0o755 })
  symlinkSync('run.sh', `${folder}/link`)
  linkSync(`${folder}/run.sh`, `${folder}/again.sh`)
  mkdirSync(`${folder}/node_modules`)
  writeFileSync(`${folder}/node_modules/x.js`, 'x')
})
afterEach(() => user.remove())

const S = String.raw
const listing = (place: string): string =>
  execFileSync(
    '/bin/bash',
    [
      '-c',
      S`find . -mindepth 1 -printf '%P %y %m %l\n' | sort; find . -type f -printf '%P %T@ %s\n' | sort; find . -type f | sort | xargs -d '\n' sha256sum`,
    ],
    { cwd: place, encoding: 'utf8' },
  )
const journal = (): string[] => (existsSync(`${user.central}/journal`) ? readdirSync(`${user.central}/journal`) : [])
const projects = (): Promise<{ name: string; mounted: boolean; mountPoint: string; problem: string | null }[]> =>
  user.json('list')

async function withClient<T>(work: (client: EngineClient) => Promise<T>): Promise<T> {
  const client = await connectEngine({ centralDirectory: user.central })
  try {
    return await work(client)
  } finally {
    client.close()
  }
}
const kept = (): Promise<unknown> =>
  withClient(async (client) => (await client.request('projects.beforeIze', { project: 'thesis' })).before)
const removeKept = (): Promise<unknown> =>
  withClient((client) => client.request('projects.removeBeforeIze', { project: 'thesis' }))

/** What a program does in the folder while it is imported: an edit that keeps size and time, new things, one gone. */
function meanwhile(): void {
  const { atime, mtime } = statSync(`${folder}/chapters/one.txt`)
  writeFileSync(`${folder}/chapters/one.txt`, 'two\n')
  utimesSync(`${folder}/chapters/one.txt`, atime, mtime)
  appendFileSync(`${folder}/notes.txt`, 'more\n')
  mkdirSync(`${folder}/figures/deep`, { recursive: true })
  writeFileSync(`${folder}/figures/deep/plot.txt`, 'plot\n')
  linkSync(`${folder}/figures/deep/plot.txt`, `${folder}/figures/same.txt`)
  rmSync(`${folder}/old.txt`)
  rmSync(`${folder}/link`)
  mkdirSync(`${folder}/link`)
  writeFileSync(`${folder}/node_modules/y.js`, 'y')
}

describe('init --in-place', () => {
  it('mounts the project where the folder was, and keeps the original as it was', async () => {
    const was = listing(folder)
    const inode = statSync(folder).ino
    const said = await user.ize('init', 'thesis', '--in-place', folder)
    expect(said).toMatch(/7 files.*mounted at .*thesis\n.*before-ize/s)
    expect(listing(folder)).toBe(was)
    expect(listing(before)).toBe(was)
    expect(statSync(before).ino).toBe(inode)
    expect(await projects()).toMatchObject([{ name: 'thesis', mounted: true, mountPoint: folder }])
    expect(journal()).toEqual([])
    writeFileSync(`${folder}/notes.txt`, 'changed in the project\n')
    await user.ize('status', 'thesis', '--wait')
    expect(await user.ize('show', 'thesis', 'notes.txt@1')).toBe('notes\n')
    expect(await kept()).toMatchObject({ folder: before, state: 'same' })
    await removeKept()
    expect(existsSync(before)).toBe(false)
    expect(await kept()).toBeNull()
  })

  it('keeps an original that was changed since, however little', async () => {
    await user.ize('init', 'thesis', '--in-place', folder)
    const { atime, mtime } = statSync(`${before}/notes.txt`)
    writeFileSync(`${before}/notes.txt`, 'NOTES\n')
    utimesSync(`${before}/notes.txt`, atime, mtime)
    expect(await kept()).toMatchObject({ state: 'changed', files: 7, changed: ['notes.txt'], more: 0 })
    expect(await user.ize('original', 'thesis')).toMatch(/before-ize: 7 files.*\n.*was changed.*\n {2}notes\.txt\n/s)
    await expect(removeKept()).rejects.toMatchObject({ code: 'E_BEFORE_CHANGED' })
    expect(readFileSync(`${before}/notes.txt`, 'utf8')).toBe('NOTES\n')
    renameSync(before, user.path('elsewhere'))
    expect(await kept()).toMatchObject({ state: 'gone' })
  })

  it('leaves the original to its owner, moved or deleted as asked', async () => {
    await user.ize('init', 'thesis', '--in-place', folder)
    expect(await user.ize('original', 'thesis')).toMatch(/7 files.*nothing in it was changed/s)
    expect(await user.run(['original', 'thesis', '--delete'])).toMatchObject({ code: 4 })
    mkdirSync(user.path('attic/thesis.before-ize'), { recursive: true })
    expect(await user.run(['original', 'thesis', '--move', user.path('attic')])).toMatchObject({ code: 4 })
    rmSync(user.path('attic/thesis.before-ize'), { recursive: true })
    const was = listing(before)
    expect(await user.ize('original', 'thesis', '--move', user.path('attic'))).toMatch(/Moved to .*attic/)
    expect(listing(user.path('attic/thesis.before-ize'))).toBe(was)
    expect(await user.json('original', 'thesis')).toEqual({ before: null })
    expect(await user.run(['original', 'thesis', '--delete', '--yes'])).toMatchObject({ code: 0 })
    await user.ize('init', 'essay', '--in-place', user.path('attic/thesis.before-ize'))
    const kept = user.path('attic/thesis.before-ize.before-ize')
    expect(await user.ize('original', 'essay', '--delete', '--yes')).toBe(`Deleted: ${kept}\n`)
    expect(existsSync(kept)).toBe(false)
  })

  it('refuses what cannot be moved aside, and changes nothing', async () => {
    const was = listing(folder)
    mkdirSync(before)
    const refused = await user.run(['init', 'thesis', '--in-place', folder])
    expect(refused).toMatchObject({ code: 4 })
    expect(refused.errors).toMatch(/before-ize is there already/)
    rmSync(before, { recursive: true })
    expect(await user.run(['init', 'thesis', '--in-place', `${folder}/notes.txt`])).toMatchObject({ code: 3 })
    expect(await user.run(['init', 'thesis', '--in-place', user.directory])).toMatchObject({ code: 4 })
    expect(await user.run(['init', 'a/b', '--in-place', folder])).toMatchObject({ code: 4 })
    expect(listing(folder)).toBe(was)
    expect(await projects()).toEqual([])
    expect(journal()).toEqual([])
  })

  it('puts the folder back and leaves no project when it fails before it is mounted', async () => {
    user.env['IZE_FAILPOINT'] = 'in-place-compared:1:throw'
    const was = listing(folder)
    const inode = statSync(folder).ino
    expect((await user.run(['init', 'thesis', '--in-place', folder])).code).not.toBe(0)
    expect(statSync(folder).ino).toBe(inode)
    expect(listing(folder)).toBe(was)
    expect(existsSync(before)).toBe(false)
    expect(await projects()).toEqual([])
    expect(journal()).toEqual([])
  })
})

describe('ended in the middle', () => {
  it.each(['imported', 'renamed', 'emptied', 'compared', 'mounted', 'adopted'])(
    'behind "%s", the next start goes on to the end',
    async (place) => {
      const was = listing(folder)
      user.env['IZE_FAILPOINT'] = `in-place-${place}:1`
      expect((await user.run(['init', 'thesis', '--in-place', folder])).code).not.toBe(0)
      const pid = user.enginePid() ?? 0
      await until(() => !isAlive(pid))
      delete user.env['IZE_FAILPOINT']
      expect(await projects()).toMatchObject([{ name: 'thesis', mounted: true, mountPoint: folder, problem: null }])
      expect(listing(folder)).toBe(was)
      expect(listing(before)).toBe(was)
      expect(journal()).toEqual([])
      expect(await kept()).toMatchObject({ state: 'same' })
    },
  )

  it('loses nothing of what was written into the folder meanwhile', async () => {
    user.env['IZE_FAILPOINT'] = 'in-place-imported:1'
    expect((await user.run(['init', 'thesis', '--in-place', folder])).code).not.toBe(0)
    const pid = user.enginePid() ?? 0
    await until(() => !isAlive(pid))
    meanwhile()
    const was = listing(folder)
    delete user.env['IZE_FAILPOINT']
    expect(await projects()).toMatchObject([{ mounted: true, problem: null }])
    expect(listing(folder)).toBe(was)
    expect(statSync(`${folder}/figures/same.txt`).ino).toBe(statSync(`${folder}/figures/deep/plot.txt`).ino)
    expect(await kept()).toMatchObject({ state: 'same' })
    await user.ize('status', 'thesis', '--wait')
    expect(await user.ize('show', 'thesis', 'chapters/one.txt@1')).toBe('one\n')
    expect(await user.ize('show', 'thesis', 'chapters/one.txt')).toBe('two\n')
    expect(await user.ize('show', 'thesis', 'old.txt@1')).toBe('old\n')
  })

  it('does not undo what programs did in the project since it was mounted', async () => {
    user.env['IZE_FAILPOINT'] = 'in-place-imported:1'
    await user.run(['init', 'thesis', '--in-place', folder])
    let pid = user.enginePid() ?? 0
    await until(() => !isAlive(pid))
    meanwhile()
    user.env['IZE_FAILPOINT'] = 'in-place-adopted:1'
    await user.run(['list'])
    pid = user.enginePid() ?? 0
    await until(() => !isAlive(pid))
    // Killed once more: the project has all of it, and goes on from there.
    delete user.env['IZE_FAILPOINT']
    expect(await projects()).toMatchObject([{ mounted: true, problem: null }])
    expect(readFileSync(`${folder}/notes.txt`, 'utf8')).toBe('notes\nmore\n')
    expect(readdirSync(folder)).not.toContain('.ize-import')
    expect(journal()).toEqual([])
  })
})
