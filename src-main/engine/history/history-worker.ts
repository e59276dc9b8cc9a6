import { parentPort } from 'node:worker_threads'
import { IzeError } from '../ize-error.ts'
import { answerCall } from './answer-call.ts'
import { type FromHistory, type HistoryCall, toHistory } from './history-calls.ts'
import { OpenHistories } from './open-history.ts'

/**
 * The thread that reads histories: of all projects, beside the recorders that write them. It opens an index with the
 * first question about it. Questions are answered one after the other, except that differences and exports let others
 * in between.
 */
if (!parentPort) throw new Error('history-worker runs as a worker thread.')
const port = parentPort
const histories = new OpenHistories()
const running = new Map<number, AbortController>()

port.on('message', (raw: unknown) => {
  const message = toHistory.parse(raw)
  switch (message.type) {
    case 'call':
      void run(message.id, message.root, message.call)
      return
    case 'cancel':
      running.get(message.id)?.abort()
      return
    case 'forget':
      histories.forget(message.root)
  }
})

async function run(id: number, root: string, call: HistoryCall): Promise<void> {
  const controller = new AbortController()
  running.set(id, controller)
  try {
    const progress = throttled(({ files, bytes }: { files: number; bytes: number }) => {
      send({ type: 'progress', id, files, bytes })
    })
    const context = { signal: controller.signal, progress }
    const answer = await histories.use(root, (history) => answerCall(history, call, context))
    send({ type: 'answer', id, answer })
  } catch (error) {
    send(failure(id, error))
  } finally {
    running.delete(id)
  }
}

function failure(id: number, error: unknown): FromHistory {
  if (error instanceof IzeError) {
    return { type: 'failure', id, code: error.code, message: error.message, data: error.data }
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { type: 'failure', id, code: null, message, data: {} }
}

function send(message: FromHistory): void {
  port.postMessage(message)
}

/** No more than ten times a second. */
function throttled<T>(tell: (value: T) => void): (value: T) => void {
  let last = 0
  return (value) => {
    const now = performance.now()
    if (now - last < 100) return
    last = now
    tell(value)
  }
}
