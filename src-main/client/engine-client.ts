import { connect as connectSocket, type Socket } from 'node:net'
import {
  CancellationTokenSource,
  ConnectionError,
  createMessageConnection,
  ErrorCodes,
  NullLogger,
  ProgressType,
  ResponseError,
  SocketMessageReader,
  SocketMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node'
import {
  events,
  methods,
  progressOf,
  type EventName,
  type EventPayload,
  type MethodName,
  type Params,
  type Progress,
  type Result,
} from '../../src-preload/contract.ts'
import { IzeError } from '../../src-preload/ize-error.ts'
import { checked, toIzeError } from '../../src-preload/wire.ts'

export interface RequestOptions<M extends MethodName> {
  /** Cancels the request; it then fails with E_CANCELLED. */
  readonly signal?: AbortSignal
  readonly onProgress?: (value: Progress<M>) => void
}

/** One connection to the engine, typed and checked by the contract. */
export class EngineClient {
  private readonly connection: MessageConnection
  private readonly closed: Promise<void>
  private gone = false
  private tokens = 0

  private constructor(private readonly socket: Socket) {
    this.connection = createMessageConnection(
      new SocketMessageReader(socket),
      new SocketMessageWriter(socket),
      NullLogger,
    )
    this.closed = new Promise((resolve) => {
      const end = (): void => {
        if (this.gone) return
        this.gone = true
        resolve()
        // Whoever waits for an answer hears of it in this turn's error, not of a disposed connection.
        setImmediate(() => this.connection.dispose())
      }
      this.connection.onClose(end)
      this.connection.onError(() => socket.destroy())
      socket.on('error', end)
      socket.on('close', end)
    })
    this.connection.listen()
  }

  /** Errors: ENOENT, ECONNREFUSED and the like as Node has them. */
  static async open(path: string): Promise<EngineClient> {
    const socket = connectSocket(path)
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    return new EngineClient(socket)
  }

  /** Errors: those the engine answers; E_ENGINE_GONE when the connection ends first. */
  async request<M extends MethodName>(
    method: M,
    params: Params<M>,
    options: RequestOptions<M> = {},
  ): Promise<Result<M>> {
    const { signal, onProgress } = options
    if (signal?.aborted) throw cancelled()
    const source = new CancellationTokenSource()
    const abort = (): void => source.cancel()
    signal?.addEventListener('abort', abort)
    const progress = onProgress ? `${method} ${++this.tokens}` : undefined
    const listener =
      progress === undefined
        ? null
        : this.connection.onProgress(new ProgressType<unknown>(), progress, (value) => {
            const schema = progressOf(method)
            if (schema) onProgress?.(checked(schema, value, `The progress of ${method}`) as Progress<M>)
          })
    try {
      const answer = await Promise.race([
        this.connection.sendRequest(method, { params, ...(progress === undefined ? {} : { progress }) }, source.token),
        this.closed.then(() => Promise.reject(lost(method))),
      ])
      return checked(methods[method].result, answer, `The answer to ${method}`) as Result<M>
    } catch (error) {
      throw this.understand(error, method)
    } finally {
      listener?.dispose()
      signal?.removeEventListener('abort', abort)
      source.dispose()
    }
  }

  /** Events come after `engine.subscribe` was asked for. */
  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void {
    const registration = this.connection.onNotification(event, (payload: unknown) => {
      listener(checked(events[event], payload, `The event ${event}`) as EventPayload<E>)
    })
    return () => registration.dispose()
  }

  /** Resolves when the connection has ended, by whichever side. */
  whenClosed(): Promise<void> {
    return this.closed
  }

  close(): void {
    this.socket.end()
    this.socket.unref()
  }

  private understand(error: unknown, method: MethodName): unknown {
    if (error instanceof IzeError) return error
    // The engine ended between two looks of ours: the question could not even be written.
    if (isOfConnection(error)) return lost(method)
    if (error instanceof ResponseError)
      return toIzeError(error.message, error.data) ?? new IzeError('E_INTERNAL', error.message)
    return this.gone ? lost(method) : error
  }
}

/** An error of the connection, where the engine has said nothing. */
function isOfConnection(error: unknown): boolean {
  if (error instanceof ConnectionError) return true
  const { MessageWriteError, PendingResponseRejected, ConnectionInactive } = ErrorCodes
  const codes: readonly number[] = [MessageWriteError, PendingResponseRejected, ConnectionInactive]
  return error instanceof ResponseError && codes.includes(error.code)
}

function lost(method: MethodName): IzeError {
  return new IzeError(
    'E_ENGINE_GONE',
    `The engine ended before it answered (${method}). Nothing that was saved is lost; try again.`,
  )
}

function cancelled(): IzeError {
  return new IzeError('E_CANCELLED', 'Cancelled.')
}
