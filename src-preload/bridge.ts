import { z } from 'zod'
import type { AppEventName, AppEventPayload, AppMethodName, AppParams, AppResult } from './app-contract.ts'
import type { EventName, EventPayload, MethodName, Params, Progress, Result } from './contract.ts'

/**
 * How a window speaks with the process behind it, over Electron's IPC or a WebSocket: the same messages. The process
 * checks every one of them; the window trusts what it is told.
 */

/** Methods of the engine that are not a window's to call. */
export const withheld = ['engine.stop', 'engine.handover', 'engine.subscribe'] as const satisfies readonly MethodName[]

export type WindowMethod = Exclude<MethodName, (typeof withheld)[number]> | AppMethodName
export type WindowParams<M extends WindowMethod> = M extends MethodName
  ? Params<M>
  : M extends AppMethodName
    ? AppParams<M>
    : never
export type WindowResult<M extends WindowMethod> = M extends MethodName
  ? Result<M>
  : M extends AppMethodName
    ? AppResult<M>
    : never
export type WindowProgress<M extends WindowMethod> = M extends MethodName ? Progress<M> : never
export type WindowEvent = EventName | AppEventName
export type WindowEventPayload<E extends WindowEvent> = E extends EventName
  ? EventPayload<E>
  : E extends AppEventName
    ? AppEventPayload<E>
    : never

/** What a window sends. `id` is its own, and names the request in what comes back. */
export const windowMessage = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('request'),
    id: z.number().int(),
    method: z.string(),
    params: z.unknown(),
    /** Whether it wants to hear of progress. */
    progress: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('cancel'), id: z.number().int() }),
])
export type WindowMessage = z.infer<typeof windowMessage>

/** What a window hears. */
export type HostMessage =
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | {
      readonly kind: 'error'
      readonly id: number
      readonly error: { readonly code: string; readonly message: string; readonly data: Record<string, unknown> }
    }
  | { readonly kind: 'progress'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'event'; readonly event: string; readonly payload: unknown }

/** All that a page is given: `window.ize`. */
export interface Bridge {
  send(message: WindowMessage): void
  listen(listener: (message: HostMessage) => void): void
  /** Where a dropped file lies; empty: a browser does not say. */
  pathOf(file: File): string
}
