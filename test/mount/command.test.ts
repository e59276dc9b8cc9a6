import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isAlive } from '../../src-main/client/is-alive.ts'
import { finished, IzeUser } from '../support/ize-command.ts'
import { until } from '../support/until.ts'

// The command from one end to the other: real processes, a real mount.
let user: IzeUser
let mount: string

interface Entry {
  hash: string
  kind: string
  path: string
  program: string | null
  version: number
}

beforeEach(async () => {
  user = new IzeUser()
  mount = user.path('mount')
  await user.ize('init', 'thesis')
  await user.ize('mount', 'thesis', mount)
})

afterEach(() => user.remove())

/** Saves a text and waits until it is a version. */
async function save(name: string, text: string | Buffer): Promise<void> {
  writeFileSync(`${mount}/${name}`, text)
  await user.ize('status', 'thesis', '--wait')
}

describe('a mounted project', () => {
  it('has every save in its history, and gives every version back', async () => {
    await save('notes.txt', 'one\n')
    await save('notes.txt', 'one\ntwo\n')
    await save('notes.txt', 'three\n')
    const entries = await user.json<Entry[]>('history', 'thesis', 'notes.txt')
    expect(entries.map(({ version, kind }) => [version, kind])).toEqual([
      [3, 'edit'],
      [2, 'edit'],
      [1, 'create'],
    ])
    expect(entries[0]?.program).toMatch(/node|vitest/)
    expect(await user.ize('diff', 'thesis', 'notes.txt@1', '--to', '2')).toMatch(
      /^--- a\/notes.txt\t@1 .*\n\+\+\+ b\/notes.txt\t@2 .*\n@@ -1 \+1,2 @@\n one\n\+two\n$/,
    )
    expect(await user.ize('diff', 'thesis', 'notes.txt')).toMatch(/\n-one\n-two\n\+three\n$/)
    expect(await user.ize('show', 'thesis', 'notes.txt@2')).toBe('one\ntwo\n')

    const said = await user.ize('restore', 'thesis', 'notes.txt', '1')
    expect(readFileSync(`${mount}/notes.txt`, 'utf8')).toBe('one\n')
    expect(said).toMatch(/Undo: ize undo thesis/)
    await user.ize('restore', 'thesis', 'notes.txt@3')
    expect(readFileSync(`${mount}/notes.txt`, 'utf8')).toBe('three\n')
    const after = await user.json<Entry[]>('history', 'thesis', 'notes.txt')
    expect(after.slice(0, 2).map(({ version, kind }) => [version, kind])).toEqual([
      [5, 'restore'],
      [4, 'restore'],
    ])
  })

  it('shows what was saved a moment ago, though it is not yet in history', async () => {
    writeFileSync(`${mount}/fresh.txt`, 'fresh\n')
    expect(await user.ize('show', 'thesis', 'fresh.txt')).toBe('fresh\n')
  })

  it('gives back modes, times, links, and deleted folders', async () => {
    mkdirSync(`${mount}/d/e`, { recursive: true })
    writeFileSync(`${mount}/d/e/run.sh`, 'run\n')
    chmodSync(`${mount}/d/e/run.sh`, 0o750)
    symlinkSync('e/run.sh', `${mount}/d/link`)
    writeFileSync(`${mount}/d/read-only`, 'no\n')
    chmodSync(`${mount}/d/read-only`, 0o444)
    await user.ize('status', 'thesis', '--wait')
    const before = statSync(`${mount}/d/e/run.sh`)
    const [{ hash } = { hash: '' }] = await user.json<Entry[]>('history', 'thesis')
    rmSync(`${mount}/d`, { recursive: true })
    await user.ize('restore', 'thesis', 'd', hash)
    const after = statSync(`${mount}/d/e/run.sh`)
    expect([after.mode, after.mtimeMs]).toEqual([before.mode, before.mtimeMs])
    expect(execFileSync('cat', [`${mount}/d/link`]).toString()).toBe('run\n')
    expect(statSync(`${mount}/d/read-only`).mode & 0o777).toBe(0o444)
  })

  it('never removes by a restore what has no history', async () => {
    mkdirSync(`${mount}/d`)
    await save('d/a.txt', 'a\n')
    const [{ hash } = { hash: '' }] = await user.json<Entry[]>('history', 'thesis')
    mkdirSync(`${mount}/d/node_modules`)
    writeFileSync(`${mount}/d/node_modules/only-copy`, 'here\n')
    await save('d/b.txt', 'b\n')
    await user.ize('restore', 'thesis', 'd', hash, '--exact')
    expect(readdirSync(`${mount}/d`).sort()).toEqual(['a.txt', 'node_modules'])
    expect(readFileSync(`${mount}/d/node_modules/only-copy`, 'utf8')).toBe('here\n')
  })

  it('does not put a file in the place of a folder that holds what has no history', async () => {
    await save('x', 'a file\n')
    rmSync(`${mount}/x`)
    mkdirSync(`${mount}/x/node_modules`, { recursive: true })
    writeFileSync(`${mount}/x/node_modules/only-copy`, 'here\n')
    await user.ize('status', 'thesis', '--wait')
    const ran = await user.run(['restore', 'thesis', 'x', '1', '--json'])
    expect(JSON.parse(ran.text)).toMatchObject({ error: { code: 'E_RESTORE' } })
    expect(ran.errors).toMatch(/no history/)
    expect(readFileSync(`${mount}/x/node_modules/only-copy`, 'utf8')).toBe('here\n')
    expect(readdirSync(mount)).toEqual(['x'])
  })

  it('keeps a restored file whole for whoever has the old one open', async () => {
    await save('big', 'old\n'.repeat(1000))
    await save('big', 'new\n'.repeat(1000))
    const reader = (await import('node:fs/promises')).open(`${mount}/big`)
    await user.ize('restore', 'thesis', 'big', '1')
    const held = await reader
    expect(await held.readFile('utf8')).toBe('new\n'.repeat(1000))
    await held.close()
    expect(readFileSync(`${mount}/big`, 'utf8')).toBe('old\n'.repeat(1000))
  })

  it('follows a rename, and takes paths as they are seen from the current folder', async () => {
    mkdirSync(`${mount}/chapters`)
    await save('chapters/one.txt', '1\n')
    renameSync(`${mount}/chapters/one.txt`, `${mount}/chapters/first.txt`)
    await user.ize('status', 'thesis', '--wait')
    const ran = await user.run(['history', 'thesis', 'first.txt', '--json'], { cwd: `${mount}/chapters` })
    expect((JSON.parse(ran.text) as Entry[]).map(({ kind, path }) => [kind, path])).toEqual([
      ['rename', 'chapters/first.txt'],
      ['create', 'chapters/one.txt'],
    ])
    expect(await user.ize('show', 'thesis', `${mount}/chapters/first.txt@1`)).toBe('1\n')
  })

  it('streams a large content, however slow it is read', async () => {
    const piece = Buffer.alloc(1024 * 1024, 'abcdefg')
    writeFileSync(`${mount}/large`, Buffer.concat(Array.from({ length: 64 }, () => piece)))
    await user.ize('status', 'thesis', '--wait')
    const child = user.start(['show', 'thesis', 'large'])
    child.stdout?.pause()
    await sleep(500)
    const all = finished(child)
    child.stdout?.resume()
    const { code, stdout } = await all
    expect(code).toBe(0)
    expect(createHash('sha256').update(stdout).digest('hex')).toBe(
      createHash('sha256')
        .update(readFileSync(`${mount}/large`))
        .digest('hex'),
    )
  })

  it('can be unmounted from within, but not while a program is in it', async () => {
    mkdirSync(`${mount}/d`)
    const held = user.start(['start', '--help'], { cwd: '/' })
    await finished(held)
    const { spawn } = await import('node:child_process')
    const sleeper = spawn('sleep', ['600'], { cwd: `${mount}/d` })
    const busy = await user.run(['unmount', 'thesis'])
    expect(busy.code).toBe(5)
    expect(busy.errors).toContain(`sleep (${sleeper.pid})`)
    sleeper.kill()
    await new Promise((resolve) => sleeper.once('close', resolve))
    expect(await user.run(['unmount', 'thesis'], { cwd: `${mount}/d` })).toMatchObject({ code: 0 })
    expect(readdirSync(mount)).toEqual(['NOT MOUNTED - open Ize.txt'])
  })

  it('is refused as a place for another, as a source and as a target', async () => {
    await save('x', 'x')
    for (const [args, code] of [
      [['init', 'copy', '--from', mount], 'E_UNDER_MOUNT'],
      [['export', 'thesis', `${mount}/out`], 'E_UNDER_MOUNT'],
      [['mount', 'thesis', user.path('elsewhere')], 'E_MOUNTED'],
    ] as const) {
      const ran = await user.run([...args, '--json'])
      expect({ args, answer: JSON.parse(ran.text) as unknown }).toMatchObject({ args, answer: { error: { code } } })
    }
    await user.ize('init', 'second')
    writeFileSync(user.path('file'), '')
    mkdirSync(user.path('full'))
    writeFileSync(user.path('full/x'), '')
    for (const [folder, code] of [
      [`${mount}/inner`, 'E_MOUNT_INSIDE_MOUNT'],
      [`${user.central}/inner`, 'E_MOUNT_INSIDE_CENTRAL'],
      [user.path('file'), 'E_MOUNT_NOT_DIRECTORY'],
      [user.path('full'), 'E_MOUNT_NOT_EMPTY'],
    ] as const) {
      const ran = await user.run(['mount', 'second', folder, '--json'])
      expect({ folder, answer: JSON.parse(ran.text) as unknown }).toMatchObject({ folder, answer: { error: { code } } })
    }
  })

  it('is mounted again after the engine was killed, with all that was saved', async () => {
    writeFileSync(`${mount}/last`, 'words\n')
    const pid = user.enginePid() ?? 0
    process.kill(pid, 'SIGKILL')
    await until(() => !isAlive(pid))
    await user.ize('status', 'thesis', '--wait')
    expect(readFileSync(`${mount}/last`, 'utf8')).toBe('words\n')
    expect(await user.ize('show', 'thesis', 'last')).toBe('words\n')
  })

  it('comes back when the engine was stopped, not when it was unmounted', async () => {
    await save('a', 'a')
    await user.ize('daemon', 'stop')
    expect(readdirSync(mount)).toEqual(['NOT MOUNTED - open Ize.txt'])
    expect(await user.json('list')).toMatchObject([{ mounted: true }])
    expect(readFileSync(`${mount}/a`, 'utf8')).toBe('a')
    await user.ize('unmount', 'thesis')
    await user.ize('daemon', 'stop')
    expect(await user.json('list')).toMatchObject([{ mounted: false }])
    // Without a folder: where it was.
    await user.ize('mount', 'thesis')
    expect(readFileSync(`${mount}/a`, 'utf8')).toBe('a')
  })

  it('ends within two seconds of SIGTERM, with a program still in it', async () => {
    const { spawn } = await import('node:child_process')
    const sleeper = spawn('sleep', ['600'], { cwd: mount })
    writeFileSync(`${mount}/a`, 'a')
    const pid = user.enginePid() ?? 0
    process.kill(pid, 'SIGTERM')
    await until(() => !isAlive(pid))
    expect(readFileSync(user.path('central/engine.log'), 'utf8')).not.toContain('did not end in time')
    sleeper.kill()
    expect(await user.ize('show', 'thesis', 'a')).toBe('a')
  })
})

describe('a project restored while it is not mounted', () => {
  it('takes it as a new version, which can be undone', async () => {
    await save('notes.txt', 'one\n')
    await save('notes.txt', 'two\n')
    await user.ize('unmount', 'thesis')
    await user.ize('restore', 'thesis', 'notes.txt', '1')
    expect(await user.ize('show', 'thesis', 'notes.txt')).toBe('one\n')
    await user.ize('restore', 'thesis', 'notes.txt', '2')
    const entries = await user.json<Entry[]>('history', 'thesis', 'notes.txt')
    expect(entries.map(({ version, kind }) => [version, kind])).toEqual([
      [4, 'restore'],
      [3, 'restore'],
      [2, 'edit'],
      [1, 'create'],
    ])
    await user.ize('mount', 'thesis')
    expect(readFileSync(`${mount}/notes.txt`, 'utf8')).toBe('two\n')
  })
})

describe('ize start', () => {
  it('with --once edits, shows, restores and ends with 0', async () => {
    const ran = await user.run(['start', '--once'])
    expect(ran).toMatchObject({ code: 0, errors: '' })
    expect(ran.text).toMatch(/Ize Demo is mounted at .*Ize Demo/)
    expect(ran.text).toMatch(/@2 .* edit .*\n@1 .* create /)
    expect(ran.text).toMatch(/@3 .* restore /)
    expect(await user.run(['start', '--once'])).toMatchObject({ code: 0 })
  })

  it('prints changes as they come, and ends with 0 on SIGTERM, unmounted', async () => {
    const demo = user.path('home/Ize Demo')
    const child = user.start(['start'])
    let text = ''
    child.stdout?.on('data', (bytes: Buffer) => (text += bytes.toString()))
    await until(() => text.includes('as it happens'))
    writeFileSync(`${demo}/seen.txt`, 'seen\n')
    await until(() => text.includes('seen.txt'))
    child.kill('SIGTERM')
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0)
    expect(text).toMatch(/Unmounted\.\n$/)
    expect(readdirSync(demo)).toEqual(['NOT MOUNTED - open Ize.txt'])
  })

  it('imports an ordinary folder and leaves it alone', async () => {
    mkdirSync(user.path('work'))
    writeFileSync(user.path('work/a.txt'), 'a\n')
    const first = await user.run(['start', user.path('work'), '--once'])
    expect(first).toMatchObject({ code: 0 })
    expect(first.text).toContain('stays as it is')
    expect(readdirSync(user.path('work'))).toEqual(['a.txt'])
    expect(existsSync(user.path('work (Ize)'))).toBe(true)
    expect((await user.run(['start', user.path('work'), '--once'])).text).toContain('was imported before')
    expect(await user.ize('show', 'work', 'a.txt')).toBe('a\n')
  })

  it('makes an empty folder a project', async () => {
    mkdirSync(user.path('empty'))
    expect(await user.run(['start', 'empty', '--once'])).toMatchObject({ code: 0 })
    expect(await user.json('list')).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'empty', mountPoint: user.path('empty') })]),
    )
  })
})
