import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { z } from 'zod'

const target = z.object({ type: z.string(), url: z.string(), webSocketDebuggerUrl: z.string() })
const answer = z.object({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
})
const evaluated = z.object({
  result: z.object({ value: z.unknown().optional() }),
  exceptionDetails: z
    .object({ text: z.string(), exception: z.object({ description: z.string().optional() }).optional() })
    .optional(),
})

const LOOK_MS = 10
const PATIENCE_MS = 60_000

/** A page of the app, asked over Chromium's DevTools protocol: nothing of a test framework runs in it. */
export class Page {
  private requests = 0
  private readonly waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>()
  private readonly listeners = new Map<string, (params: unknown) => void>()

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.hear(data.toString()))
    socket.on('close', () => {
      for (const { reject } of this.waiting.values()) reject(new Error('The page is gone.'))
      this.waiting.clear()
    })
  }

  /** The app's window, as soon as there is one. `port`: where its DevTools listen. */
  static async first(port: number, scheme: string): Promise<Page> {
    const until = performance.now() + PATIENCE_MS
    while (performance.now() < until) {
      const found = await fetch(`http://127.0.0.1:${port}/json/list`).then((response) => response.json())
      const page = z
        .array(target.partial())
        .parse(found)
        .find(({ type, url }) => type === 'page' && url?.startsWith(scheme))
      if (page?.webSocketDebuggerUrl) return Page.open(page.webSocketDebuggerUrl)
      await sleep(LOOK_MS)
    }
    throw new Error('The app showed no window.')
  }

  private static open(url: string): Promise<Page> {
    const socket = new WebSocket(url, { maxPayload: 2 ** 30, perMessageDeflate: false })
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(new Page(socket)))
      socket.once('error', reject)
    })
  }

  send(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.requests
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject })
      this.socket.send(JSON.stringify({ id, method, params }))
    })
  }

  /** One listener for each event. */
  on(event: string, listener: (params: unknown) => void): void {
    this.listeners.set(event, listener)
  }

  /** What an expression, or the promise that it gives, comes to. Errors: what it throws. */
  async evaluate(expression: string): Promise<unknown> {
    const asked = { expression, awaitPromise: true, returnByValue: true }
    const { result, exceptionDetails: fault } = evaluated.parse(await this.send('Runtime.evaluate', asked))
    if (fault) throw new Error(fault.exception?.description ?? fault.text)
    return result.value
  }

  close(): void {
    this.socket.close()
  }

  private hear(text: string): void {
    const { id, method, params, result, error } = answer.parse(JSON.parse(text))
    if (method !== undefined) return this.listeners.get(method)?.(params)
    const waiting = this.waiting.get(id ?? 0)
    this.waiting.delete(id ?? 0)
    if (error) waiting?.reject(new Error(error.message))
    else waiting?.resolve(result)
  }
}
