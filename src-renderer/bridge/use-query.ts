import { useCallback, useEffect, useRef, useState } from 'react'
import type { WindowMethod, WindowParams, WindowResult } from '../../src-preload/bridge.ts'
import { call, CallError } from './call.ts'

export type Query<T> =
  | { readonly state: 'loading'; readonly data: T | null; readonly error: null }
  | { readonly state: 'ready'; readonly data: T; readonly error: null }
  | { readonly state: 'failed'; readonly data: T | null; readonly error: CallError }

export interface QueryOptions {
  /** Anything that, when it changes, makes the answer stale: a revision of the history, for instance. */
  readonly stale?: unknown
  /** The data of the question before is shown until the answer comes. Default: only while the question is the same. */
  readonly keep?: boolean
}

/**
 * Asks and shows the answer; asks again when the question or `stale` changes, and lets go of what was asked before.
 * `params` null: nothing is asked.
 */
export function useQuery<M extends WindowMethod>(
  method: M,
  params: WindowParams<M> | null,
  { stale, keep = false }: QueryOptions = {},
): Query<WindowResult<M>> & { readonly again: () => void } {
  type T = WindowResult<M>
  const question = params === null ? null : JSON.stringify(params)
  const [query, setQuery] = useState<Query<T>>({ state: 'loading', data: null, error: null })
  const [tries, setTries] = useState(0)
  const asked = useRef<string | null>(null)
  const again = useCallback(() => setTries((n) => n + 1), [])
  useEffect(() => {
    if (question === null) return
    const kept = keep || asked.current === question
    asked.current = question
    const controller = new AbortController()
    setQuery((before) => ({ state: 'loading', data: kept ? before.data : null, error: null }))
    call(method, JSON.parse(question) as WindowParams<M>, { signal: controller.signal }).then(
      (data) => {
        if (!controller.signal.aborted) setQuery({ state: 'ready', data, error: null })
      },
      (error: unknown) => {
        if (controller.signal.aborted) return
        const failure = error instanceof CallError ? error : new CallError('E_INTERNAL', String(error), {})
        setQuery((before) => ({ state: 'failed', data: before.data, error: failure }))
      },
    )
    return () => controller.abort()
  }, [method, question, stale, keep, tries])
  return { ...query, again }
}
