import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Result } from '../../src-preload/contract.ts'
import { IzeUser } from '../support/ize-command.ts'
import { until } from '../support/until.ts'

type Entries = Result<'history.entries'>['entries']

let user: IzeUser
let folder: string
beforeEach(() => {
  user = new IzeUser()
  folder = join(user.home, 'work')
  mkdirSync(folder)
  mkdirSync(user.central, { mode: 0o700 })
})
afterEach(async () => {
  await user.run(['unmount', 'thesis', '--force'])
  await user.remove()
})

async function start(config: string): Promise<void> {
  // Not before all is written, however slowly that goes.
  writeFileSync(join(user.central, 'config.toml'), `upkeep.idle-seconds = 1\nupkeep.automatic = false\n${config}`)
  await user.ize('init', 'thesis')
  await user.ize('mount', 'thesis', folder)
  for (let n = 1; n <= 3; n++) {
    writeFileSync(join(folder, 'notes.txt'), `text ${n}\n`.repeat(5000))
    await user.ize('status', 'thesis', '--wait')
  }
  await user.ize('config', 'set', 'upkeep.automatic', 'true', '--project', 'thesis')
}

const pruned = async (): Promise<number[]> =>
  (await user.json<Entries>('history', 'thesis')).flatMap(({ pruned, version }) => (pruned === null ? [] : [version]))

function note(): string {
  const [uuid = ''] = readdirSync(join(user.central, 'projects'))
  return join(user.central, 'projects', uuid, 'meta', 'upkeep.json')
}

it('prunes and packs by itself what is idle, once in a while', { timeout: 120_000 }, async () => {
  await start('retention.keep = "1 version"\n')
  await until(() => existsSync(note()), 60_000)
  expect(await pruned()).toEqual([2, 1])
  expect(await user.json('verify', 'thesis')).toMatchObject({ faults: [], checked: { pruned: 2 } })
  expect(await user.json('status', 'thesis')).toMatchObject({ upkeep: null, recorder: 'idle' })

  // Not again before its time, however often it is looked.
  const before = readFileSync(note(), 'utf8')
  writeFileSync(join(folder, 'notes.txt'), 'other')
  await user.ize('status', 'thesis', '--wait')
  await new Promise((done) => setTimeout(done, 4000))
  expect(readFileSync(note(), 'utf8')).toBe(before)
  expect(await pruned()).toEqual([2, 1])
  // As after a day.
  rmSync(note())
  await until(() => existsSync(note()), 60_000)
  expect(await pruned()).toEqual([3, 2, 1])
})

it('keeps everything without rules, and does nothing where it is turned off', { timeout: 120_000 }, async () => {
  await start('')
  await until(() => existsSync(note()), 60_000)
  expect(await pruned()).toEqual([])
  await user.ize('config', 'set', 'upkeep.automatic', 'false', '--project', 'thesis')
  await user.ize('config', 'set', 'retention.keep', '1 version', '--project', 'thesis')
  rmSync(note())
  await new Promise((done) => setTimeout(done, 4000))
  expect(existsSync(note())).toBe(false)
  expect(await pruned()).toEqual([])
})
