import type { Bridge, HostMessage } from '../../src-preload/bridge.ts'

const AGAIN_MS = 1000

/**
 * The bridge of a page in a browser, over a WebSocket to the server it came from. When that is gone, what was asked
 * fails, nothing is asked twice, and it is tried again until it is back.
 */
export function webBridge(): Bridge {
  const asked = new Set<number>()
  const queue: string[] = []
  let listener: (message: HostMessage) => void = () => undefined
  let socket: WebSocket | null = null
  let attempt = 0

  const hear = (message: HostMessage): void => {
    if (message.kind === 'result' || message.kind === 'error') asked.delete(message.id)
    listener(message)
  }
  const lost = (): void => {
    socket = null
    queue.length = 0
    const message = 'The connection to Ize is lost.'
    for (const id of [...asked]) hear({ kind: 'error', id, error: { code: 'E_ENGINE_GONE', message, data: {} } })
    const payload = { kind: 'restarting', attempt: ++attempt, retryAt: Date.now() + AGAIN_MS, message }
    hear({ kind: 'event', event: 'app.engine', payload })
    setTimeout(connect, AGAIN_MS)
  }
  const connect = (): void => {
    const opening = new WebSocket(`ws://${location.host}/bridge`)
    opening.onopen = () => {
      socket = opening
      // After a break, the state of the engine is asked for: the event that told it may have been missed.
      if (attempt > 0) location.reload()
      for (const message of queue.splice(0)) opening.send(message)
    }
    opening.onmessage = ({ data }) => hear(JSON.parse(String(data)) as HostMessage)
    opening.onclose = lost
  }
  connect()
  return {
    send: (message) => {
      if (message.kind === 'request') asked.add(message.id)
      const text = JSON.stringify(message)
      if (socket) socket.send(text)
      else queue.push(text)
    },
    listen: (heard) => {
      listener = heard
    },
    pathOf: () => '',
  }
}
