import { readFileSync, writeFileSync, appendFileSync, mkdirSync, openSync, closeSync, writeSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EventPayload, Result } from '../../src-preload/contract.ts'
import { connectEngine } from '../../src-main/client/connect.ts'
import type { EngineClient } from '../../src-main/client/engine-client.ts'
import { IzeUser } from '../support/ize-command.ts'
import { until } from '../support/until.ts'

// What waits, live, and history that is made to wait: a real engine and a real mount.
let user: IzeUser
let mount: string
let client: EngineClient
const project = 'thesis'

beforeEach(async () => {
  user = new IzeUser()
  mount = user.path('mount')
  await user.ize('init', project)
  await user.ize('mount', project, mount)
  client = await connectEngine({ centralDirectory: user.central })
})

afterEach(async () => {
  client.close()
  await user.remove()
})

/** Besides the one that made the project. */
const changes = async (): Promise<number> =>
  (await client.request('history.changes', { project, limit: 100 })).changes.length - 1

const pending = (limit = 100): Promise<Result<'projects.pending'>> =>
  client.request('projects.pending', { project, limit })

describe('a pause', () => {
  it('lets history wait while everything is saved, and names what waits', async () => {
    const paused = await client.request('projects.pause', { project, seconds: 600 })
    expect(Date.parse(paused.pausedUntil ?? '')).toBeGreaterThan(Date.now() + 500_000)
    writeFileSync(`${mount}/notes.txt`, 'one\n')
    mkdirSync(`${mount}/figures`)
    for (let n = 0; n < 50; n++) appendFileSync(`${mount}/log.txt`, `${n}\n`)
    // Far longer than a batch waits for quiet.
    await new Promise((done) => setTimeout(done, 1500))
    const { status, operations, more } = await pending(3)
    expect(status.recorder).toBe('waiting')
    expect(status.pending.operations).toBeGreaterThanOrEqual(53)
    expect(operations.map(({ kind, path, bytes }) => ({ kind, path, bytes }))).toEqual([
      { kind: 'create', path: 'notes.txt', bytes: 0 },
      { kind: 'write', path: 'notes.txt', bytes: 4 },
      { kind: 'mkdir', path: 'figures', bytes: 0 },
    ])
    expect(operations[0]?.program).toMatch(/node|vitest/)
    expect(more).toBe(status.pending.operations - 3)
    expect(Date.parse(operations[0]?.time ?? '')).toBeLessThanOrEqual(Date.parse(status.savedUpTo ?? ''))
    expect(await changes()).toBe(0)
    expect(readFileSync(`${mount}/log.txt`, 'utf8')).toMatch(/^0\n1\n.*49\n$/s)
    expect(await user.ize('status', project)).toMatch(/Paused +until /)

    await user.ize('resume', project)
    await until(async () => (await pending()).status.pending.operations === 0)
    expect(await changes()).toBeGreaterThan(0)
    expect(await user.ize('status', project)).not.toMatch(/Paused/)
    expect((await pending()).operations).toEqual([])
  })

  it('ends by itself', async () => {
    await client.request('projects.pause', { project, seconds: 1 })
    writeFileSync(`${mount}/notes.txt`, 'one\n')
    await until(async () => (await changes()) > 0)
    expect((await client.request('projects.status', { project })).pausedUntil).toBeNull()
  })

  it('does not keep back what is asked for: a flush, a seal, a restore', async () => {
    writeFileSync(`${mount}/notes.txt`, 'one\n')
    await user.ize('status', project, '--wait')
    await user.ize('pause', project, '--for', '10m')
    writeFileSync(`${mount}/notes.txt`, 'two\n')
    await user.ize('seal', project, '-m', 'in a pause')
    const entries = await client.request('history.entries', { project, path: 'notes.txt', limit: 10 })
    expect(entries.entries.map(({ version }) => version)).toEqual([2, 1])
    writeFileSync(`${mount}/notes.txt`, 'three\n')
    await user.ize('restore', project, 'notes.txt', '1')
    expect(readFileSync(`${mount}/notes.txt`, 'utf8')).toBe('one\n')
    await user.ize('undo', project)
    expect(readFileSync(`${mount}/notes.txt`, 'utf8')).toBe('three\n')
    const status = await client.request('projects.status', { project })
    expect(status.pausedUntil).not.toBeNull()
    await client.request('projects.flush', { project })
    expect((await client.request('projects.status', { project })).pending.operations).toBe(0)
  })

  it('goes on while the project is not mounted, and what waits is not lost when it is opened again', async () => {
    await user.ize('pause', project)
    writeFileSync(`${mount}/notes.txt`, 'one\n')
    await user.ize('unmount', project)
    const { status } = await pending()
    expect(status).toMatchObject({ mounted: false, recorder: 'waiting' })
    expect(status.pausedUntil).not.toBeNull()
    expect(status.pending.operations).toBeGreaterThan(0)
    client.close()
    // An engine that ends takes the pause with it.
    await user.ize('daemon', 'stop')
    await until(async () => {
      client = await connectEngine({ centralDirectory: user.central })
      return true
    })
    await client.request('projects.flush', { project })
    expect(await changes()).toBeGreaterThan(0)
    expect((await client.request('projects.status', { project })).pausedUntil).toBeNull()
  })
})

describe('a pause of a short log', () => {
  it('ends no program: at half of its bound recording goes on all the same', async () => {
    await user.ize('unmount', project)
    await user.ize('config', 'set', '--project', project, 'log.limit-bytes', String(4 * 1024 * 1024))
    // The settings are read when the project is opened, and a check closes it.
    await user.ize('doctor', project)
    await user.ize('mount', project, mount)
    await user.ize('pause', project)
    const text = Buffer.alloc(512 * 1024, 'x')
    for (let n = 0; n < 40; n++) writeFileSync(`${mount}/${n}.txt`, text)
    const { log, pausedUntil } = await client.request('projects.status', { project })
    expect(log.limitBytes).toBe(4 * 1024 * 1024)
    expect(pausedUntil).not.toBeNull()
    expect(await changes()).toBeGreaterThan(0)
    for (let n = 0; n < 40; n++) expect(readFileSync(`${mount}/${n}.txt`).equals(text)).toBe(true)
  })
})

describe('the live status', () => {
  it('comes while something changes, newer each time, and ends with the rest', async () => {
    const seen: EventPayload<'status'>[] = []
    client.on('status', (status) => seen.push(status))
    await client.request('engine.subscribe', {})
    const fd = openSync(`${mount}/stream.log`, 'w')
    for (let n = 0; n < 30; n++) {
      writeSync(fd, `${n}\n`)
      await new Promise((done) => setTimeout(done, 50))
    }
    closeSync(fd)
    await until(() => {
      const last = seen.at(-1)
      return (
        last !== undefined &&
        last.recorder === 'idle' &&
        last.pending.operations === 0 &&
        last.rate.saved === 0 &&
        last.rate.recorded === 0 &&
        last.search?.behind === 0
      )
    })
    expect(seen.some(({ pending: { operations } }) => operations > 0)).toBe(true)
    expect(seen.some(({ rate }) => rate.saved > 0)).toBe(true)
    const revisions = seen.map(({ revision }) => revision)
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b))
    const last = seen.at(-1)
    expect(last?.savedUpTo).not.toBeNull()
    expect(last?.savedUpTo).toBe(last?.inHistoryUpTo)
    const told = seen.length
    await new Promise((done) => setTimeout(done, 2500))
    expect(seen).toHaveLength(told)
  })
})

describe('rename', () => {
  it('gives a mounted project another name, and everything goes on', async () => {
    writeFileSync(`${mount}/notes.txt`, 'one\n')
    await user.ize('rename', project, 'Diss')
    writeFileSync(`${mount}/notes.txt`, 'two\n')
    await user.ize('status', 'diss', '--wait')
    expect((await client.request('history.changes', { project: 'Diss', limit: 10 })).changes.length).toBeGreaterThan(0)
    const { projects } = await client.request('projects.list', {})
    expect(projects).toMatchObject([{ name: 'Diss', mounted: true, mountPoint: mount }])
    await user.ize('unmount', 'Diss')
    await user.ize('mount', 'Diss')
    expect(readFileSync(`${mount}/notes.txt`, 'utf8')).toBe('two\n')
  })

  it('refuses a name that is in use or is none, and keeps the old one', async () => {
    await user.ize('init', 'other')
    const rename = (name: string): Promise<unknown> => client.request('projects.rename', { project, name })
    await expect(rename('OTHER')).rejects.toMatchObject({ code: 'E_NAME_TAKEN' })
    await expect(rename('a/b')).rejects.toMatchObject({ code: 'E_NAME_INVALID' })
    await expect(rename('Thesis')).resolves.toMatchObject({ name: 'Thesis', mounted: true })
  })
})
