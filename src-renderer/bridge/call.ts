import type {
  Bridge,
  HostMessage,
  WindowEvent,
  WindowEventPayload,
  WindowMethod,
  WindowParams,
  WindowProgress,
  WindowResult,
} from '../../src-preload/bridge.ts'

declare global {
  interface Window {
    /** Given by the preload script, or by web-bridge.ts in a browser. */
    ize?: Bridge
  }
}

/** What the engine or the app answered instead of a result; `message` is a sentence for the user. */
export class CallError extends Error {
  override readonly name = 'CallError'
  constructor(
    readonly code: string,
    message: string,
    readonly data: Readonly<Record<string, unknown>>,
  ) {
    super(message)
  }
}

export interface CallOptions<M extends WindowMethod> {
  readonly signal?: AbortSignal
  readonly onProgress?: (value: WindowProgress<M>) => void
}

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
  readonly onProgress: ((value: unknown) => void) | undefined
}

const waiting = new Map<number, Waiting>()
const listeners = new Map<string, Set<(payload: unknown) => void>>()
let bridge: Bridge | null = null
let requests = 0

/** Before anything else is called. */
export function connectBridge(to: Bridge): void {
  bridge = to
  to.listen(hear)
}

/** Errors: CallError; a cancelled call fails with the code E_CANCELLED. */
export function call<M extends WindowMethod>(
  method: M,
  params: WindowParams<M>,
  { signal, onProgress }: CallOptions<M> = {},
): Promise<WindowResult<M>> {
  const to = bridge
  if (!to) throw new Error('The bridge is not connected.')
  if (signal?.aborted) return Promise.reject(new CallError('E_CANCELLED', 'Cancelled.', {}))
  const id = ++requests
  return new Promise<unknown>((resolve, reject) => {
    waiting.set(id, { resolve, reject, onProgress: onProgress as Waiting['onProgress'] })
    signal?.addEventListener('abort', () => to.send({ kind: 'cancel', id }), { once: true })
    to.send({ kind: 'request', id, method, params, progress: onProgress !== undefined })
  }) as Promise<WindowResult<M>>
}

/** Hears an event until the returned function is called. */
export function listen<E extends WindowEvent>(
  event: E,
  listener: (payload: WindowEventPayload<E>) => void,
): () => void {
  const known = listeners.get(event) ?? new Set()
  listeners.set(event, known)
  const heard = listener as (payload: unknown) => void
  known.add(heard)
  return () => known.delete(heard)
}

/** Where a dropped file lies on the machine; null where that is not told. */
export function pathOfDropped(file: File): string | null {
  return bridge?.pathOf(file) || null
}

function hear(message: HostMessage): void {
  if (message.kind === 'event') {
    for (const listener of listeners.get(message.event) ?? []) listener(message.payload)
    return
  }
  const request = waiting.get(message.id)
  if (!request) return
  if (message.kind === 'progress') return request.onProgress?.(message.value)
  waiting.delete(message.id)
  if (message.kind === 'result') return request.resolve(message.result)
  const { code, message: sentence, data } = message.error
  request.reject(new CallError(code, sentence, data))
}

export function codeOf(error: unknown): string {
  return error instanceof CallError ? error.code : 'E_INTERNAL'
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
