import type { Socket } from 'node:net'
import {
  createMessageConnection,
  ErrorCodes,
  NullLogger,
  ProgressType,
  ResponseError,
  SocketMessageReader,
  SocketMessageWriter,
  type CancellationToken,
  type MessageConnection,
} from 'vscode-jsonrpc/node'
import {
  events,
  isLong,
  methods,
  progressOf,
  type EventName,
  type EventPayload,
  type MethodName,
} from '../../../src-preload/contract.ts'
import { checked, envelope, REFUSED } from '../../../src-preload/wire.ts'
import { IzeError } from '../ize-error.ts'
import type { Client } from './client.ts'
import type { Handlers } from './handlers.ts'

export interface Observer {
  /** Aborted when the engine ends: what is being done for clients ends first. */
  readonly ending: AbortSignal
  /** A request begins; the returned function is called when it has been answered. */
  begin(method: MethodName, long: boolean): () => void
  /** A fault of Ize's own, which the caller only hears of in general. */
  fault(method: MethodName, error: unknown): void
}

/**
 * Answers one client over its socket. Every payload is checked against the contract, in both directions; what is thrown
 * becomes an error with a code, and what has none is a fault, logged and told as E_INTERNAL.
 */
export class RpcClient implements Client {
  subscribed = false
  private readonly connection: MessageConnection
  private readonly onEnd: (() => void)[] = []
  private readonly gone = new AbortController()

  constructor(
    private readonly socket: Socket,
    private readonly handlers: Handlers,
    private readonly observer: Observer,
  ) {
    this.connection = createMessageConnection(
      new SocketMessageReader(socket),
      new SocketMessageWriter(socket),
      NullLogger,
    )
    for (const name of Object.keys(methods) as MethodName[]) {
      this.connection.onRequest(name, (message: unknown, token: CancellationToken) => this.answer(name, message, token))
    }
    this.connection.onRequest((name) => {
      throw refusal(
        new IzeError(
          'E_ENGINE_VERSION',
          `The engine has no method "${name}": it is of another version than this program.`,
        ),
      )
    })
    // Bytes that are no JSON-RPC: nothing sensible can follow them.
    this.connection.onError(() => this.close())
    this.connection.onClose(() => this.end())
    socket.on('error', () => this.end())
    socket.on('close', () => this.end())
    this.connection.listen()
  }

  subscribe(): void {
    this.subscribed = true
  }

  send<E extends EventName>(event: E, payload: EventPayload<E>): void {
    if (this.gone.signal.aborted) return
    // A client that went away in this moment needs no event.
    this.connection
      .sendNotification(event, checked(events[event], payload, `The event ${event}`))
      .catch(() => undefined)
  }

  onClose(run: () => void): void {
    if (this.gone.signal.aborted) run()
    else this.onEnd.push(run)
  }

  close(): void {
    this.socket.end()
    this.end()
  }

  private end(): void {
    if (this.gone.signal.aborted) return
    this.gone.abort()
    for (const run of this.onEnd) run()
    this.connection.dispose()
    this.socket.destroySoon()
  }

  private async answer(name: MethodName, message: unknown, token: CancellationToken): Promise<unknown> {
    const finish = this.observer.begin(name, isLong(name))
    const cancel = new AbortController()
    const listener = token.onCancellationRequested(() => cancel.abort())
    try {
      const { params, progress } = checked(envelope, message, `The request ${name}`)
      const call = {
        client: this,
        signal: AbortSignal.any([cancel.signal, this.gone.signal, this.observer.ending]),
        progress: progress === undefined ? () => undefined : this.progressSender(name, progress),
      }
      // One handler per name; TypeScript cannot follow that parameters and handler have the same one.
      const handler = this.handlers[name] as (params: unknown, context: typeof call) => Promise<unknown>
      const result = await handler(checked(methods[name].params, params, `The request ${name}`), call)
      return checked(methods[name].result, result, `The answer to ${name}`)
    } catch (error) {
      throw this.toResponse(name, error, cancel.signal.aborted)
    } finally {
      listener.dispose()
      finish()
    }
  }

  private progressSender(name: MethodName, token: number | string): (value: unknown) => void {
    const schema = progressOf(name)
    const type = new ProgressType<unknown>()
    let last: unknown
    let sending = false
    const send = async (): Promise<void> => {
      sending = true
      while (last !== undefined && !this.gone.signal.aborted) {
        const value = last
        last = undefined
        await this.connection.sendProgress(type, token, value)
      }
      sending = false
    }
    return (value) => {
      if (!schema) throw new Error(`${name} tells no progress.`)
      const next = checked(schema, value, `The progress of ${name}`)
      // A new phase must not swallow the last value of the one before it.
      if (last !== undefined && phaseOf(last) !== phaseOf(next))
        void this.connection.sendProgress(type, token, last).catch(() => undefined)
      last = next
      if (!sending) send().catch(() => this.end())
    }
  }

  private toResponse(name: MethodName, error: unknown, cancelled: boolean): ResponseError<unknown> {
    if (error instanceof IzeError) return refusal(error)
    if (cancelled && error instanceof Error && error.name === 'AbortError') {
      return new ResponseError(ErrorCodes.PendingResponseRejected, 'Cancelled.', { code: 'E_CANCELLED', data: {} })
    }
    this.observer.fault(name, error)
    return refusal(
      new IzeError(
        'E_INTERNAL',
        `${name} failed by a fault of Ize's own: ${error instanceof Error ? error.message : String(error)}`,
      ),
    )
  }
}

function refusal(error: IzeError): ResponseError<unknown> {
  return new ResponseError(REFUSED, error.message, { code: error.code, data: error.data })
}

function phaseOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'phase' in value ? value.phase : null
}
