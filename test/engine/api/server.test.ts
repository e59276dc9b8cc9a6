import { connect } from 'node:net'
import { mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { methods, PROTOCOL, type EventPayload, type MethodName } from '../../../src-preload/contract.ts'
import { connectEngine, readLock } from '../../../src-main/client/connect.ts'
import type { EngineClient } from '../../../src-main/client/engine-client.ts'
import { IzeUser } from '../../support/ize-command.ts'
import { until } from '../../support/until.ts'

// The engine as its clients see it, over its real socket.
let user: IzeUser
let client: EngineClient

beforeAll(async () => {
  user = new IzeUser()
  await user.ize('list')
  client = await connectEngine({ centralDirectory: user.central })
})
afterAll(async () => {
  client.close()
  await user.remove()
})

describe('the socket', () => {
  it('says who the engine is', async () => {
    const info = await client.request('engine.info', {})
    expect(info).toMatchObject({
      protocol: PROTOCOL,
      pid: user.enginePid(),
      centralDirectory: user.central,
      mounted: 0,
    })
  })

  it('survives what is no JSON-RPC', async () => {
    const { socket = '' } = readLock(user.central) ?? {}
    for (const garbage of [
      '\0\0\0\0',
      'Content-Length: 5\r\n\r\nabcde',
      'GET / HTTP/1.1\r\n\r\n',
      'Content-Length: -1\r\n\r\n{}',
    ]) {
      const stream = connect(socket)
      stream.on('error', () => undefined)
      stream.end(garbage)
      await new Promise((resolve) => stream.once('close', resolve))
    }
    await expect(client.request('projects.list', {})).resolves.toMatchObject({ projects: [] })
  })

  it('has a handler for every method of the contract, which refuses what does not fit', async () => {
    for (const method of Object.keys(methods) as MethodName[]) {
      await expect(client.request(method, { nonsense: true } as never)).rejects.toMatchObject({ code: 'E_ARGUMENT' })
    }
  })

  it('answers a method it does not know with a sentence', async () => {
    await expect(client.request('engine.fly' as never, {} as never)).rejects.toMatchObject({ code: 'E_ENGINE_VERSION' })
  })
})

describe('events', () => {
  it('tell subscribers of a new project, as a whole and newer snapshot', async () => {
    const seen: EventPayload<'projects'>[] = []
    const stop = client.on('projects', (snapshot) => seen.push(snapshot))
    const start = await client.request('engine.subscribe', {})
    await client.request('projects.init', { name: 'told' })
    await until(() => seen.some(({ projects }) => projects.some(({ name }) => name === 'told')))
    const revisions = [start, ...seen].map(({ revision }) => revision)
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b))
    stop()
  })

  it('do not come to who has not asked', async () => {
    const other = await connectEngine({ centralDirectory: user.central })
    let heard = 0
    other.on('projects', () => heard++)
    await client.request('projects.init', { name: 'untold' })
    await other.request('projects.list', {})
    expect(heard).toBe(0)
    other.close()
  })
})

describe('long work', () => {
  it('tells its progress and can be cancelled, leaving nothing', async () => {
    const folder = user.path('many')
    mkdirSync(folder)
    for (let n = 0; n < 2000; n++) writeFileSync(`${folder}/${n}`, `${n}\n`.repeat(2000))
    const stop = new AbortController()
    const phases = new Set<string>()
    const onProgress = ({ phase }: { phase: string }): void => {
      phases.add(phase)
      if (phase === 'copy') stop.abort()
    }
    const made = client.request('projects.init', { name: 'many', from: folder }, { signal: stop.signal, onProgress })
    await expect(made).rejects.toMatchObject({ code: 'E_CANCELLED' })
    expect([...phases]).toEqual(expect.arrayContaining(['plan', 'copy']))
    const { projects } = await client.request('projects.list', {})
    expect(projects.map(({ name }) => name)).not.toContain('many')
  })

  it('ends with the client that asked for it', async () => {
    const folder = user.path('many')
    const other = await connectEngine({ centralDirectory: user.central })
    const copying = new Promise<void>((resolve) => {
      other
        .request(
          'projects.init',
          { name: 'orphan', from: folder },
          { onProgress: ({ phase }) => phase === 'copy' && resolve() },
        )
        .catch(() => undefined)
    })
    await copying
    other.close()
    await until(async () => {
      // The name is free again when the work has ended.
      const made = await client.request('projects.init', { name: 'orphan' }).catch(() => null)
      return made !== null
    })
    expect((await client.request('history.changes', { project: 'orphan', limit: 10 })).changes).toHaveLength(1)
  })

  it('holds off a handover', async () => {
    const folder = user.path('many')
    const stop = new AbortController()
    let begun: () => void = () => undefined
    const copying = new Promise<void>((resolve) => (begun = resolve))
    const made = client.request(
      'projects.init',
      { name: 'held', from: folder },
      { signal: stop.signal, onProgress: () => begun() },
    )
    await copying
    await expect(client.request('engine.handover', { version: '2.0.0' })).rejects.toMatchObject({
      code: 'E_ENGINE_BUSY',
    })
    stop.abort()
    await expect(made).rejects.toMatchObject({ code: 'E_CANCELLED' })
  })
})

describe('contents', () => {
  it('belong to the connection that opened them', async () => {
    const folder = user.path('source')
    mkdirSync(folder)
    writeFileSync(`${folder}/a.txt`, 'a\n')
    await client.request('projects.init', { name: 'contents', from: folder })
    const { content } = await client.request('content.open', { project: 'contents', path: 'a.txt' })
    const other = await connectEngine({ centralDirectory: user.central })
    await expect(other.request('content.read', { content })).rejects.toMatchObject({ code: 'E_ARGUMENT' })
    other.close()
    expect(await client.request('content.read', { content })).toEqual({
      bytes: Buffer.from('a\n').toString('base64'),
      end: true,
    })
    await client.request('content.close', { content })
    await expect(client.request('content.read', { content })).rejects.toMatchObject({ code: 'E_ARGUMENT' })
  })
})
