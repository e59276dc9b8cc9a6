import {
  appMethods,
  type AppEventName,
  type AppEventPayload,
  type AppMethodName,
  type AppParams,
  type AppResult,
} from '../../src-preload/app-contract.ts'
import { type HostMessage, windowMessage, withheld } from '../../src-preload/bridge.ts'
import { type EventName, type EventPayload, methods, type MethodName } from '../../src-preload/contract.ts'
import { IzeError } from '../../src-preload/ize-error.ts'
import { checked } from '../../src-preload/wire.ts'
import type { EngineLink } from './engine-link.ts'

export type AppHandlers = { readonly [M in AppMethodName]: (params: AppParams<M>) => Promise<AppResult<M>> }

/**
 * One window's conversation, whatever carries it: checks each message against the contract, asks the engine or the app,
 * answers. A window that goes takes its requests with it.
 */
export class WindowSession {
  private readonly running = new Map<number, AbortController>()

  constructor(
    private readonly engine: EngineLink,
    private readonly handlers: AppHandlers,
    private readonly send: (message: HostMessage) => void,
  ) {}

  /** Takes a message as it came; what is not one is refused without an answer, since nothing names a request. */
  receive(raw: unknown): void {
    const parsed = windowMessage.safeParse(raw)
    if (!parsed.success) return
    const message = parsed.data
    if (message.kind === 'cancel') return this.running.get(message.id)?.abort()
    void this.answer(message)
  }

  tell<E extends AppEventName>(event: E, payload: AppEventPayload<E>): void {
    this.send({ kind: 'event', event, payload })
  }

  /** Passes on what the engine tells. */
  forward<E extends EventName>(event: E, payload: EventPayload<E>): void {
    this.send({ kind: 'event', event, payload })
  }

  end(): void {
    for (const request of this.running.values()) request.abort()
    this.running.clear()
  }

  private async answer(request: { id: number; method: string; params: unknown; progress: boolean }): Promise<void> {
    const { id } = request
    const controller = new AbortController()
    this.running.set(id, controller)
    try {
      const onProgress = request.progress
        ? (value: unknown): void => this.send({ kind: 'progress', id, value })
        : undefined
      const result = await this.dispatch(request.method, request.params, controller.signal, onProgress)
      this.send({ kind: 'result', id, result })
    } catch (error) {
      this.send({ kind: 'error', id, error: describe(error) })
    } finally {
      this.running.delete(id)
    }
  }

  private async dispatch(
    method: string,
    params: unknown,
    signal: AbortSignal,
    onProgress: ((value: unknown) => void) | undefined,
  ): Promise<unknown> {
    const what = `The question ${method}`
    if (isAppMethod(method)) {
      const handler = this.handlers[method] as (params: unknown) => Promise<unknown>
      return handler(checked(appMethods[method].params, params, what))
    }
    if (!isEngineMethod(method)) throw new IzeError('E_METHOD_UNKNOWN', `There is nothing named ${method} to ask for.`)
    const question = checked(methods[method].params, params, what) as never
    return this.engine.request(method, question, { signal, ...(onProgress ? { onProgress } : {}) })
  }
}

const withheldNames: ReadonlySet<string> = new Set(withheld)
const isAppMethod = (name: string): name is AppMethodName => Object.hasOwn(appMethods, name)
const isEngineMethod = (name: string): name is MethodName => Object.hasOwn(methods, name) && !withheldNames.has(name)

function describe(error: unknown): { code: string; message: string; data: Record<string, unknown> } {
  if (error instanceof IzeError) return { code: error.code, message: error.message, data: { ...error.data } }
  return { code: 'E_INTERNAL', message: error instanceof Error ? error.message : String(error), data: {} }
}
