import { mkdirSync, writeFileSync, readFileSync, chmodSync, existsSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectEngine, connectRunningEngine, readLock } from '../../src-main/client/connect.ts'
import type { EngineClient } from '../../src-main/client/engine-client.ts'
import { isAlive } from '../../src-main/client/is-alive.ts'
import { finished, IzeUser } from '../support/ize-command.ts'
import { until } from '../support/until.ts'

/** Above any pid of Linux. */
const NOBODY = 2 ** 22 + 1

let user: IzeUser
const clients: EngineClient[] = []
const servers: Server[] = []

beforeEach(() => {
  user = new IzeUser()
})

afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  for (const server of servers.splice(0)) server.close()
  await user.remove()
})

/** Connects in this process, to engines that the user's own commands start. */
async function connect(options: { version?: string; patienceMs?: number } = {}): Promise<EngineClient> {
  const client = await connectEngine({ centralDirectory: user.central, ...options })
  clients.push(client)
  return client
}

async function started(): Promise<number> {
  await user.ize('list')
  const pid = user.enginePid()
  if (pid === null) throw new Error('The engine is not there.')
  return pid
}

/** What only looks like the engine: it answers as `answer` says. */
async function impostor(answer: (method: string) => unknown): Promise<void> {
  const folder = user.path('run', 'ize')
  mkdirSync(folder, { mode: 0o700, recursive: true })
  mkdirSync(user.central, { recursive: true })
  const socket = join(folder, 'fake.sock')
  const server = createServer((stream) => {
    stream.on('error', () => undefined)
    const connection = createMessageConnection(new StreamMessageReader(stream), new StreamMessageWriter(stream))
    connection.onRequest((method) => answer(method))
    connection.listen()
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  writeFileSync(user.path('central', 'engine.lock'), JSON.stringify({ format: 1, pid: NOBODY, version: '0', socket }))
}

describe('the engine', () => {
  it('is started by whoever comes first, once for all', async () => {
    const runs = [1, 2, 3, 4].map(() => finished(user.start(['daemon', 'status', '--json'])))
    const lists = [1, 2, 3, 4].map(() => finished(user.start(['list', '--json'])))
    for (const { code, text, errors } of await Promise.all(lists))
      expect({ code, text, errors }).toEqual({ code: 0, text: '[]\n', errors: '' })
    await Promise.all(runs)
    const log = readFileSync(user.path('central', 'engine.log'), 'utf8')
    expect(log.split('\n').filter((line) => line.includes('"the engine listens"'))).toHaveLength(1)
  })

  it('keeps its socket and folder to its user', async () => {
    await started()
    const socket = readLock(user.central)?.socket ?? ''
    expect(socket.startsWith(`${user.runtime}/ize/`)).toBe(true)
    expect(statSync(socket).mode & 0o777).toBe(0o600)
    expect(statSync(join(socket, '..')).mode & 0o777).toBe(0o700)
    expect(statSync(user.central).mode & 0o777).toBe(0o700)
  })

  it('is found by the lock file, also from another environment', async () => {
    const pid = await started()
    const client = await connect()
    expect((await client.request('engine.info', {})).pid).toBe(pid)
  })

  it('is started again after it was killed', async () => {
    const pid = await started()
    process.kill(pid, 'SIGKILL')
    await until(() => !isAlive(pid))
    expect(await user.ize('list', '--json')).toBe('[]\n')
    expect(user.enginePid()).not.toBe(pid)
  })

  it('stops when asked, and leaves no socket and no pid behind', async () => {
    const pid = await started()
    const socket = readLock(user.central)?.socket ?? ''
    expect(await user.ize('daemon', 'stop')).toBe('The engine has stopped.\n')
    await until(() => !isAlive(pid))
    expect(existsSync(socket)).toBe(false)
    expect(readLock(user.central)).toBeNull()
    expect(await user.json('daemon', 'status')).toEqual({ running: false, pid: null })
    expect(await connectRunningEngine({ centralDirectory: user.central })).toBeNull()
  })

  it('ends on SIGTERM', async () => {
    const pid = await started()
    process.kill(pid, 'SIGTERM')
    await until(() => !isAlive(pid))
    expect(readLock(user.central)).toBeNull()
  })

  it('ends by itself when nobody needs it, not while a client is there', async () => {
    await user.ize('config', 'set', 'engine.idle-seconds', '1')
    await user.ize('daemon', 'stop')
    const pid = await started()
    const client = await connect()
    await until(() => !isAlive(pid), 2500).catch(() => undefined)
    expect(isAlive(pid)).toBe(true)
    client.close()
    await until(() => !isAlive(pid))
  })

  it('hands over to a client of another version', async () => {
    const pid = await started()
    const client = await connect({ version: '9.9.9' }).catch((error: unknown) => error)
    // The new engine is of the version of these bundles, never of that one: the client says so in the end.
    expect(client).toMatchObject({ code: 'E_ENGINE_VERSION' })
    await until(() => !isAlive(pid))
  }, 60_000)
})

describe('a client', () => {
  it('names an engine that does not answer, and its log', async () => {
    const pid = await started()
    process.kill(pid, 'SIGSTOP')
    try {
      await expect(connect({ patienceMs: 500 })).rejects.toMatchObject({
        code: 'E_ENGINE_SILENT',
        message: expect.stringMatching(`process ${pid}.*engine\\.log`),
      })
    } finally {
      process.kill(pid, 'SIGCONT')
    }
  })

  it('says so when an engine of another version does not hand over', async () => {
    await impostor((method) => {
      if (method === 'engine.info') return { protocol: 1, version: '0.0.1' }
      throw new Error('I do not know that.')
    })
    await expect(connect({ patienceMs: 2000 })).rejects.toMatchObject({ code: 'E_ENGINE_VERSION' })
    const ran = await user.run(['list', '--json'])
    expect(ran.code).toBe(7)
    expect(JSON.parse(ran.text)).toMatchObject({ error: { code: 'E_ENGINE_VERSION' } })
    expect(ran.errors).toMatch(/^ize: The running engine is version/)
  })

  it('does not talk to a socket in a folder that others may write', async () => {
    await impostor(() => ({}))
    chmodSync(user.path('run', 'ize'), 0o777)
    await expect(connect()).rejects.toMatchObject({ code: 'E_SOCKET_UNSAFE' })
  })

  it('says why the engine cannot start', async () => {
    mkdirSync(user.central, { mode: 0o700 })
    writeFileSync(user.path('central', 'config.toml'), '[history]\ngranularity = "sometimes"\n')
    const ran = await user.run(['list'])
    expect(ran.code).toBe(8)
    expect(ran.errors).toMatch(/config\.toml, line 2: history\.granularity must be one of/)
  })

  it('is told which of its parameters does not fit', async () => {
    await started()
    const client = await connect()
    await expect(client.request('history.entries', { project: 'x', limit: 0 })).rejects.toMatchObject({
      code: 'E_ARGUMENT',
      message: expect.stringContaining('limit'),
    })
  })

  it('hears that the engine is gone in the middle of a request', async () => {
    const pid = await started()
    const client = await connect()
    process.kill(pid, 'SIGSTOP')
    const answer = client.request('projects.list', {})
    process.kill(pid, 'SIGKILL')
    await expect(answer).rejects.toMatchObject({ code: 'E_ENGINE_GONE' })
  })
})
