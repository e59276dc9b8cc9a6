import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isAlive } from '../../src-main/client/is-alive.ts'
import { IzeUser } from '../support/ize-command.ts'
import { until } from '../support/until.ts'

// A project becomes a plain folder again: a real engine, a real mount, killed between the steps.
let user: IzeUser
let mount: string

beforeEach(() => {
  user = new IzeUser()
  mount = user.path('thesis')
})
afterEach(() => user.remove())

const S = String.raw
/** Names, modes, times, links and contents, as anyone can see them. */
const listing = (): string =>
  execFileSync(
    '/bin/bash',
    ['-c', S`find . -printf '%P %y %m %T@ %s %l\n' | sort; find . -type f | sort | xargs -d '\n' sha256sum`],
    {
      cwd: mount,
      encoding: 'utf8',
    },
  ).replaceAll(/^(.*) d (\d+) (\S+) \d+ $/gm, '$1 d $2 $3')

async function filled(env: Record<string, string> = {}): Promise<string> {
  Object.assign(user.env, env)
  await user.ize('init', 'thesis')
  await user.ize('mount', 'thesis', mount)
  mkdirSync(`${mount}/chapters`)
  writeFileSync(`${mount}/chapters/one.txt`, 'one\n')
  appendFileSync(`${mount}/chapters/one.txt`, 'more\n')
  writeFileSync(`${mount}/run.sh`, '#!/bin/sh\n', { mode: 0o755 })
  writeFileSync(`${mount}/secret`, 'x', { mode: 0o600 })
  chmodSync(`${mount}/secret`, 0o400)
  symlinkSync('run.sh', `${mount}/link`)
  linkSync(`${mount}/run.sh`, `${mount}/again.sh`)
  mkdirSync(`${mount}/node_modules`)
  writeFileSync(`${mount}/node_modules/x.js`, Buffer.alloc(3_000_000, 'x'))
  utimesSync(`${mount}/run.sh`, 1_000_000_000, 1_000_000_001)
  utimesSync(`${mount}/chapters`, 1_000_000_000, 1_000_000_002)
  return listing()
}

const names = async (): Promise<string[]> => (await user.json<{ name: string }[]>('list')).map(({ name }) => name)
/** Nothing of what was under way is left beside the folder or in the journal. */
const leftovers = (): string[] => [
  ...readdirSync(user.directory).filter((name) => name.includes('ize-partial')),
  ...(existsSync(`${user.central}/journal`) ? readdirSync(`${user.central}/journal`) : []),
  ...readdirSync(`${user.central}/projects`).filter((name) => name.startsWith('.')),
]

describe('stop-remembering', () => {
  it('leaves the files as they were at the same place, and nothing of the project', async () => {
    const before = await filled()
    const said = await user.ize('stop-remembering', 'thesis', '--yes')
    expect(said).toMatch(/is a plain folder again: 6 files/)
    expect(listing()).toBe(before)
    expect(statSync(`${mount}/again.sh`).ino).toBe(statSync(`${mount}/run.sh`).ino)
    expect(lstatSync(mount).mode & 0o777).toBe(0o755)
    expect(await names()).toEqual([])
    expect(leftovers()).toEqual([])
    expect(readdirSync(`${user.central}/projects`)).toEqual([])
    writeFileSync(`${mount}/new.txt`, 'plain\n')
  })

  it('works for a project that is not mounted, whose last changes are not recorded yet', async () => {
    const before = await filled()
    await user.ize('unmount', 'thesis')
    expect(readdirSync(mount)).toEqual(['NOT MOUNTED - open Ize.txt'])
    await user.ize('stop-remembering', 'thesis', '--yes')
    expect(listing()).toBe(before)
  })

  it('keeps a project that is in use, or whose place is taken, or that has none, as it is', async () => {
    const before = await filled()
    const fd = openSync(`${mount}/run.sh`, 'r')
    expect(await user.run(['stop-remembering', 'thesis', '--yes'])).toMatchObject({ code: 5 })
    closeSync(fd)
    expect(listing()).toBe(before)
    await user.ize('unmount', 'thesis')
    chmodSync(mount, 0o755)
    writeFileSync(`${mount}/stray.txt`, 'mine\n')
    const refused = await user.run(['stop-remembering', 'thesis', '--yes'])
    expect(refused).toMatchObject({ code: 4 })
    expect(refused.errors).toMatch(/stray\.txt/)
    expect(readFileSync(`${mount}/stray.txt`, 'utf8')).toBe('mine\n')
    expect(await names()).toEqual(['thesis'])
    await user.ize('init', 'never')
    expect(await user.run(['stop-remembering', 'never', '--yes'])).toMatchObject({ code: 3 })
    expect(leftovers()).toEqual([])
  })

  it('asks for the name first', async () => {
    const before = await filled()
    expect(await user.run(['stop-remembering', 'thesis'])).toMatchObject({ code: 4 })
    expect(listing()).toBe(before)
  })

  it.each(['plain-folder-written', 'plain-folder-verified'])(
    'killed at %s keeps the project, mounted again, and nothing beside it',
    async (place) => {
      const before = await filled({ IZE_FAILPOINT: `${place}:1` })
      const pid = user.enginePid() ?? 0
      expect((await user.run(['stop-remembering', 'thesis', '--yes'])).code).not.toBe(0)
      await until(() => !isAlive(pid))
      delete user.env['IZE_FAILPOINT']
      expect(await names()).toEqual(['thesis'])
      expect(listing()).toBe(before)
      expect(leftovers()).toEqual([])
      expect(await user.json('history', 'thesis')).not.toEqual([])
      await user.ize('stop-remembering', 'thesis', '--yes')
      expect(listing()).toBe(before)
    },
  )

  it.each(['plain-folder-placed', 'plain-folder-left'])(
    'killed at %s leaves the folder, and the next start takes the rest away',
    async (place) => {
      const before = await filled({ IZE_FAILPOINT: `${place}:1` })
      const pid = user.enginePid() ?? 0
      expect((await user.run(['stop-remembering', 'thesis', '--yes'])).code).not.toBe(0)
      await until(() => !isAlive(pid))
      expect(listing()).toBe(before)
      delete user.env['IZE_FAILPOINT']
      expect(await names()).toEqual([])
      expect(listing()).toBe(before)
      expect(leftovers()).toEqual([])
    },
  )
})
