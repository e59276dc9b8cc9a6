import type { MethodName, Params, Progress, Result } from '../../../src-preload/contract.ts'
import type { Client } from './client.ts'

/** The circumstances of one request. */
export interface Call<M extends MethodName> {
  readonly client: Client
  /** Aborted when the caller cancels, or is gone. */
  readonly signal: AbortSignal
  /** Tells how far the work is; values that come faster than the caller takes them are left out, never delayed. */
  readonly progress: (value: Progress<M>) => void
}

export type Handler<M extends MethodName> = (params: Params<M>, call: Call<M>) => Promise<Result<M>>
export type Handlers = { readonly [M in MethodName]: Handler<M> }
/** The methods whose name begins with a word and a dot: each file of the API answers one such group. */
export type HandlersOf<Group extends string> = { readonly [M in Extract<MethodName, `${Group}.${string}`>]: Handler<M> }
