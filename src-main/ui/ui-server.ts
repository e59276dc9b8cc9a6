import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { IzeError } from '../../src-preload/ize-error.ts'
import type { EngineLink } from '../window/engine-link.ts'
import { readPage } from '../window/page-files.ts'
import { type AppHandlers, WindowSession } from '../window/window-session.ts'
import { Access } from './access.ts'

/** Longest message of a window: a list of choices, at most. */
const LONGEST_MESSAGE = 4 * 1024 * 1024

export interface UiServer {
  /** Lets one browser in, once. */
  readonly link: string
  readonly port: number
  /** Tells every window. */
  readonly sessions: ReadonlySet<WindowSession>
  close(): Promise<void>
}

interface UiParts {
  /** Folder of the pages. */
  readonly pages: string
  readonly engine: EngineLink
  readonly handlers: AppHandlers
  /** 0: any that is free. */
  readonly port: number
}

/** Serves the window's pages, and what they ask, to a browser over the loopback. Errors: E_PORT. */
export async function serveUi({ pages, engine, handlers, port }: UiParts): Promise<UiServer> {
  const sessions = new Set<WindowSession>()
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end())
  })
  const access = new Access(() => (server.address() as AddressInfo).port)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LONGEST_MESSAGE })

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://window')
    if (!access.rightHost(request) || !access.rightOrigin(request, { required: false })) return refuse(response, 403)
    if (request.method !== 'GET') return refuse(response, 405)
    if (pathname === '/enter') {
      const cookie = access.enter(searchParams.get('token') ?? '')
      if (cookie === null) return refuse(response, 403)
      response.writeHead(303, { Location: '/index.html', 'Set-Cookie': cookie, 'Cache-Control': 'no-store' }).end()
      return
    }
    if (!access.hasEntered(request)) return refuse(response, 403)
    const connect = access.hosts().map((host) => `ws://${host}`)
    const page = await readPage(pages, pathname === '/' ? '/index.html' : decodeURIComponent(pathname), connect)
    if (!page) return refuse(response, 404)
    response.writeHead(200, page.headers).end(page.data)
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const allowed =
      request.url === '/bridge' &&
      access.rightHost(request) &&
      access.rightOrigin(request, { required: true }) &&
      access.hasEntered(request)
    if (!allowed) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (web) => {
      const session = new WindowSession(engine, handlers, (message) => web.send(JSON.stringify(message)))
      sessions.add(session)
      web.on('message', (data: Buffer) => session.receive(parse(data)))
      web.on('error', () => web.terminate())
      web.on('close', () => {
        session.end()
        sessions.delete(session)
      })
    })
  })
  engine.listen({
    state: (state) => {
      for (const session of sessions) session.tell('app.engine', state)
    },
    event: (event, payload) => {
      for (const session of sessions) session.forward(event, payload)
    },
  })
  await listenAt(server, port)
  const { link } = access
  return {
    link,
    port: (server.address() as AddressInfo).port,
    sessions,
    close: async () => {
      for (const client of sockets.clients) client.terminate()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}

function refuse(response: ServerResponse, status: number): void {
  const why = status === 403 ? 'This link was used, or is not ours. Run `ize ui` again for a new one.\n' : ''
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }).end(why)
}

/** Anything that is not JSON is no message. */
function parse(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString())
  } catch {
    return null
  }
}

function listenAt(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'another program has it' : error.message
      reject(new IzeError('E_PORT', `Port ${port} of 127.0.0.1 cannot be used: ${why}.`, { port }, { cause: error }))
    })
    server.listen(port, '127.0.0.1', resolve)
  })
}
