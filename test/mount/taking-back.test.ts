import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectEngine } from '../../src-main/client/connect.ts'
import type { EngineClient } from '../../src-main/client/engine-client.ts'
import type { Params, Result } from '../../src-preload/contract.ts'
import { IzeUser } from '../support/ize-command.ts'
import { sh } from '../support/project.ts'

let user: IzeUser
let client: EngineClient
let point: string
const project = 'work'

beforeAll(async () => {
  user = new IzeUser()
  point = user.path('mounted')
  await user.ize('init', project)
  await user.ize('mount', project, point)
  client = await connectEngine({ centralDirectory: user.central })
})
afterAll(async () => {
  await user.ize('unmount', project).catch(() => undefined)
  client.close()
  await user.remove()
})

const call = <M extends 'history.undoMoment' | 'history.restoreLines' | 'history.copyOut' | 'history.moments'>(
  method: M,
  params: Omit<Params<M>, 'project'>,
): Promise<Result<M>> => client.request(method, { project, ...params } as Params<M>)
const flush = () => client.request('projects.flush', { project })
const read = (path: string) => readFileSync(join(point, path), 'utf8')
/** The moment in which a program last did something. */
async function lastBy(program: string): Promise<Result<'history.moments'>['moments'][number]> {
  await flush()
  const { moments } = await call('history.moments', { filter: { program }, limit: 1 })
  if (!moments[0]) throw new Error(`${program} did nothing.`)
  return moments[0]
}

describe('through the mount', () => {
  it('what one program did goes back whole, but for what was changed since, and comes again by undo', async () => {
    sh(point, 'mkdir figures; for n in 1 2 3; do echo $n > figures/$n; done; echo mine > notes')
    await flush()
    sh(point, 'rm -r figures')
    const { first, last, count, removed } = await lastBy('rm')
    expect([count, removed]).toEqual([4, 4])
    sh(point, 'mkdir figures; echo later > figures/2')
    const dry = await call('history.undoMoment', { first, last, dryRun: true })
    expect(dry.paths).toEqual([
      { path: 'figures/2', action: 'delete', state: 'choose', why: expect.stringContaining('changed since') as string },
      { path: 'figures', action: 'delete', state: 'same', why: null },
      { path: 'figures/1', action: 'delete', state: 'back', why: null },
      { path: 'figures/3', action: 'delete', state: 'back', why: null },
    ])
    expect(readdirSync(join(point, 'figures'))).toEqual(['2'])
    const done = await call('history.undoMoment', { first, last })
    expect(done).toMatchObject({ restored: 2, kept: 1, more: 0 })
    expect([read('figures/1'), read('figures/2'), read('figures/3')]).toEqual(['1\n', 'later\n', '3\n'])
    await user.ize('undo', project)
    expect(readdirSync(join(point, 'figures'))).toEqual(['2'])

    const choices = [{ path: 'figures/2', choice: 'both' as const }]
    await call('history.undoMoment', { first, last, choices })
    const beside = readdirSync(join(point, 'figures')).find((name) => name.startsWith('2 ('))
    expect(read(`figures/${beside ?? ''}`)).toBe('2\n')
    expect(read('figures/2')).toBe('later\n')
    await user.ize('undo', project)
    expect(readdirSync(join(point, 'figures'))).toEqual(['2'])
  })

  it('lines of an earlier version come into the file as it is now, and go again by undo', async () => {
    const lines = Array.from({ length: 30 }, (_, n) => `line ${n}\r\n`)
    const text = (...changes: [number, string][]) => lines.with(...(changes[0] ?? [0, lines[0] ?? ''])).join('')
    writeFileSync(join(point, 'text'), lines.join(''), { mode: 0o640 })
    await flush()
    writeFileSync(join(point, 'text'), text([20, '']))
    await flush()
    writeFileSync(join(point, 'text'), `new\r\n${text([20, ''])}`)
    const hunk = { path: 'text', from: '1', to: '2', fromLine: 21, fromCount: 1, toLine: 20, toCount: 0 }
    expect(await call('history.restoreLines', hunk)).toEqual({
      kind: 'done',
      sentence: 'Line 21 of version 1 is back in "text".',
    })
    expect(read('text')).toBe(`new\r\n${lines.join('')}`)
    expect(statSync(join(point, 'text')).mode & 0o777).toBe(0o640)
    await user.ize('undo', project)
    expect(read('text')).toBe(`new\r\n${text([20, ''])}`)
    writeFileSync(join(point, 'text'), 'all is new\n')
    expect(await call('history.restoreLines', hunk)).toMatchObject({ kind: 'conflict', now: 'all is new\n' })
    expect(read('text')).toBe('all is new\n')
  })

  it('versions are written beside what is in a folder, never over it', async () => {
    const folder = user.path('desk')
    mkdirSync(folder)
    writeFileSync(join(folder, 'notes'), 'another')
    writeFileSync(join(point, 'notes'), 'two\n')
    const now = await call('history.copyOut', { path: 'notes', folder })
    const then = await call('history.copyOut', { path: 'notes', version: '1', folder })
    const again = await call('history.copyOut', { path: 'notes', version: '1', folder })
    const whole = await call('history.copyOut', { path: 'figures', folder })
    const written = [now, then, again, whole].map(({ written }) => written)
    expect(new Set(written).size).toBe(4)
    expect(
      readdirSync(folder)
        .map((name) => join(folder, name))
        .sort(),
    ).toEqual([join(folder, 'notes'), ...written].sort())
    expect(written.slice(0, 3).map((path) => readFileSync(path, 'utf8'))).toEqual(['two\n', 'mine\n', 'mine\n'])
    expect([readFileSync(join(folder, 'notes'), 'utf8'), whole.written]).toEqual(['another', join(folder, 'figures')])
    expect(readFileSync(join(folder, 'figures/2'), 'utf8')).toBe('later\n')
    for (const [wrong, code] of [
      [point, 'E_UNDER_MOUNT'],
      [user.path('nowhere'), 'E_EXPORT_TARGET'],
      [join(folder, 'notes'), 'E_EXPORT_TARGET'],
    ] as const) {
      await expect(call('history.copyOut', { path: 'notes', folder: wrong })).rejects.toMatchObject({ code })
    }
  })
})

it('an unmounted project is served alike', async () => {
  sh(point, 'printf "a\\nb\\nc\\n" > lines; echo 1 > one')
  await flush()
  sh(point, 'printf "a\\nc\\n" > lines')
  await flush()
  rmSync(join(point, 'one'))
  const { first, last } = await lastBy('node')
  await user.ize('unmount', project)
  expect(await call('history.undoMoment', { first, last })).toMatchObject({ restored: 1, kept: 0 })
  const hunk = { path: 'lines', from: '1', fromLine: 2, fromCount: 1, toLine: 1, toCount: 0 }
  expect(await call('history.restoreLines', hunk)).toMatchObject({ kind: 'done' })
  expect(await user.ize('show', project, 'lines')).toBe('a\nb\nc\n')
  expect(await user.ize('show', project, 'one')).toBe('1\n')
  await user.ize('undo', project)
  expect(await user.ize('show', project, 'lines')).toBe('a\nc\n')
})
