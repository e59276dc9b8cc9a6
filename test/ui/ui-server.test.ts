import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { serveUi, type UiServer } from '../../src-main/ui/ui-server.ts'
import { webHandlers } from '../../src-main/ui/web-handlers.ts'
import { EngineLink } from '../../src-main/window/engine-link.ts'
import { Settings } from '../../src-main/window/settings.ts'

let around: string
let folder: string
let server: UiServer

beforeEach(async () => {
  around = await mkdtemp(join(tmpdir(), 'ize-ui-'))
  folder = join(around, 'pages')
  await mkdir(folder)
  await writeFile(join(folder, 'index.html'), '<!doctype html>')
  await writeFile(join(folder, '..', 'ize-ui-outside.html'), 'outside')
  const engine = new EngineLink(() => Promise.reject(new Error('there is no engine in this test')))
  const settings = await Settings.open(join(folder, 'settings.json'), () => undefined)
  server = await serveUi({ pages: folder, engine, handlers: webHandlers(engine, settings, () => undefined), port: 0 })
})

afterEach(async () => {
  await server.close()
  await rm(around, { recursive: true })
})

interface Answer {
  readonly status: number
  readonly headers: Record<string, unknown>
  readonly body: string
}

function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: server.port, path, headers }, (response) => {
      let body = ''
      response.on('data', (piece: Buffer) => (body += piece.toString()))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    asked.on('error', reject)
    asked.end()
  })
}

async function enter(): Promise<string> {
  const { status, headers } = await get(server.link.slice(server.link.indexOf('/enter')))
  expect(status).toBe(303)
  const [cookie = ''] = headers['set-cookie'] as string[]
  expect(cookie).toMatch(/HttpOnly; SameSite=Strict/)
  return cookie.split(';', 1)[0] ?? ''
}

function bridge(headers: Record<string, string>): Promise<WebSocket | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/bridge`, { headers })
    socket.on('open', () => resolve(socket))
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => undefined)
  })
}

test('the link lets one browser in, once', async () => {
  const link = server.link.slice(server.link.indexOf('/enter'))
  const cookie = await enter()
  expect((await get(link)).status).toBe(403)
  expect((await get('/index.html')).status).toBe(403)
  const page = await get('/', { cookie })
  expect(page.status).toBe(200)
  expect(page.headers['content-security-policy']).toContain("default-src 'none'")
})

test('another name for this machine, or another page, is sent away', async () => {
  const cookie = await enter()
  expect((await get('/', { cookie, host: `evil.example:${server.port}` })).status).toBe(403)
  expect((await get('/', { cookie, origin: 'http://evil.example' })).status).toBe(403)
})

test('nothing outside the folder of pages is given', async () => {
  const cookie = await enter()
  for (const path of ['/../ize-ui-outside.html', '/%2e%2e/ize-ui-outside.html', '/..%2fize-ui-outside.html']) {
    expect((await get(path, { cookie })).status).toBe(404)
  }
})

test('the bridge is opened only by our own page in the browser that came in', async () => {
  const cookie = await enter()
  const origin = `http://127.0.0.1:${server.port}`
  expect(await bridge({ origin })).toBe(403)
  expect(await bridge({ cookie })).toBe(403)
  expect(await bridge({ cookie, origin: 'http://evil.example' })).toBe(403)
  const socket = (await bridge({ cookie, origin })) as WebSocket
  const answer = new Promise((resolve) => socket.on('message', (data: Buffer) => resolve(JSON.parse(data.toString()))))
  socket.send('not json')
  socket.send(JSON.stringify({ kind: 'request', id: 7, method: 'engine.stop', params: {}, progress: false }))
  expect(await answer).toMatchObject({ kind: 'error', id: 7, error: { code: 'E_METHOD_UNKNOWN' } })
  socket.close()
})

test('a question of the wrong shape is refused, and says where', async () => {
  const cookie = await enter()
  const socket = (await bridge({ cookie, origin: `http://127.0.0.1:${server.port}` })) as WebSocket
  const answer = new Promise((resolve) => socket.on('message', (data: Buffer) => resolve(JSON.parse(data.toString()))))
  const params = { folder: 'relative' }
  socket.send(JSON.stringify({ kind: 'request', id: 1, method: 'app.listFolders', params, progress: false }))
  expect(await answer).toMatchObject({ kind: 'error', id: 1, error: { code: 'E_ARGUMENT' } })
  socket.close()
})
