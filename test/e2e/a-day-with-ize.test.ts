import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { IzeUser } from '../support/ize-command.ts'

interface Row {
  readonly hash: string
  readonly kind: string
  readonly path: string
  readonly version: number
  readonly program: string | null
}

let user: IzeUser
beforeEach(() => {
  user = new IzeUser()
})
afterEach(() => user.remove())

async function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (part: string) => (text += part))
  while (!pattern.test(text)) {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${text}`)
    await sleep(20)
  }
  return text
}

async function waitFor<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    await sleep(100)
  }
}

describe('someone who puts a folder into Ize', () => {
  it('works in it, sees its history, gets a version back, and takes that back', async () => {
    const folder = user.path('thesis')
    mkdirSync(join(folder, 'node_modules'), { recursive: true })
    writeFileSync(join(folder, 'notes.txt'), 'one\n')
    const point = user.path('work')
    expect(await user.ize('init', 'thesis', '--from', folder)).toContain('thesis')
    await user.ize('mount', 'thesis', point)
    appendFileSync(join(point, 'notes.txt'), 'two\n')
    writeFileSync(join(point, 'notes.txt'), 'all gone\n')
    const rows = await waitFor(async () => {
      const found = await user.json<Row[]>('history', 'thesis', 'notes.txt')
      return found.length >= 3 ? found : undefined
    })
    expect(rows.map(({ version }) => version)).toEqual([3, 2, 1])
    expect(await user.ize('show', 'thesis', 'notes.txt@2')).toBe('one\ntwo\n')
    expect(await user.ize('diff', 'thesis', 'notes.txt@1', '--to', '2')).toContain('+two')
    await user.ize('restore', 'thesis', 'notes.txt', '2')
    expect(readFileSync(join(point, 'notes.txt'), 'utf8')).toBe('one\ntwo\n')
    await user.ize('restore', 'thesis', 'notes.txt', '3')
    expect(readFileSync(join(point, 'notes.txt'), 'utf8')).toBe('all gone\n')
    await user.ize('unmount', 'thesis')
    await user.ize('restore', 'thesis', 'notes.txt', '1')
    expect(await user.ize('show', 'thesis', 'notes.txt')).toBe('one\n')
    await user.ize('export', 'thesis', user.path('out'))
    expect(readFileSync(user.path('out/notes.txt'), 'utf8')).toBe('one\n')
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('one\n')
  })

  it('finds out by itself when an engine was killed: the mount comes back with everything in it', async () => {
    const point = user.path('work')
    await user.ize('init', 'thesis')
    await user.ize('mount', 'thesis', point)
    for (let i = 0; i < 50; i++) writeFileSync(join(point, `f${i}`), `content ${i}`)
    process.kill(user.enginePid() ?? 0, 'SIGKILL')
    await user.ize('status', 'thesis')
    await waitFor(async () => Promise.resolve(existsSync(join(point, 'f49')) || undefined))
    for (let i = 0; i < 50; i++) expect(readFileSync(join(point, `f${i}`), 'utf8')).toBe(`content ${i}`)
  })
})

describe('a restore on a mounted project', () => {
  it('is seen by who watches the folder, and an open file stays what it was', async () => {
    const point = user.path('work')
    await user.ize('init', 'thesis')
    await user.ize('mount', 'thesis', point)
    writeFileSync(join(point, 'notes.txt'), 'first\n')
    await waitFor(async () =>
      (await user.json<Row[]>('history', 'thesis', 'notes.txt')).length === 1 ? true : undefined,
    )
    writeFileSync(join(point, 'notes.txt'), 'second\n')
    await waitFor(async () =>
      (await user.json<Row[]>('history', 'thesis', 'notes.txt')).length === 2 ? true : undefined,
    )
    const open = openSync(join(point, 'notes.txt'), 'r')
    const watch = spawn('inotifywait', ['-q', '-m', '-e', 'moved_to,close_write,delete', '--format', '%e %f', point])
    await sleep(500)
    await user.ize('restore', 'thesis', 'notes.txt', '1')
    await printed(watch, /MOVED_TO notes\.txt/)
    watch.kill()
    await once(watch, 'close')
    expect(readFileSync(join(point, 'notes.txt'), 'utf8')).toBe('first\n')
    const bytes = Buffer.alloc(20)
    expect(bytes.toString('utf8', 0, readSync(open, bytes, 0, 20, 0))).toBe('second\n')
    closeSync(open)
  })
})

describe('ize start', () => {
  it('with --once makes the demo project, edits, restores, and ends with 0', async () => {
    const text = await user.ize('start', '--once')
    expect(text).toContain('Ize Demo')
    expect(text).toMatch(/restore/)
    expect(text).toContain('Unmounted')
  })

  it('prints what happens as lines where there is no terminal, and unmounts on SIGTERM', async () => {
    const child = user.start(['start'])
    await printed(child, /is mounted at/)
    const file = join(user.home, 'Ize Demo', 'seen.txt')
    writeFileSync(file, 'hello\n')
    await printed(child, /seen\.txt/)
    child.kill('SIGTERM')
    const [code] = (await once(child, 'close')) as [number | null]
    expect(code).toBe(0)
    expect(existsSync(file)).toBe(false)
  })
})
