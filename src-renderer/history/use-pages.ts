import { useCallback, useEffect, useRef, useState } from 'react'
import { CallError } from '../bridge/call.ts'

export interface Pages<T> {
  readonly items: readonly T[]
  readonly state: 'loading' | 'ready' | 'failed'
  readonly error: CallError | null
  readonly more: boolean
}

export interface LoadedPages<T> extends Pages<T> {
  readonly loadMore: () => void
  readonly again: () => void
}

/** One page of a list; `next` null: it was the last. */
export type FetchPage<T, C> = (
  cursor: C | null,
  signal: AbortSignal,
) => Promise<{ readonly items: readonly T[]; readonly next: C | null }>

/**
 * A list that comes in pages. `question` names what is asked; null: nothing is. When `stale` changes the first page is
 * asked anew and replaces the list, which stays in sight until then.
 */
export function usePages<T, C>(question: string | null, fetchPage: FetchPage<T, C>, stale?: unknown): LoadedPages<T> {
  const [pages, setPages] = useState<Pages<T>>(nothing)
  const [tries, setTries] = useState(0)
  const ask = useRef(fetchPage)
  const next = useRef<C | null>(null)
  const running = useRef<AbortController | null>(null)
  const asked = useRef<string | null>(null)
  useEffect(() => {
    ask.current = fetchPage
  })
  const load = useCallback((first: boolean): void => {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    setPages((now) => ({ ...now, state: 'loading', error: null }))
    ask.current(first ? null : next.current, controller.signal).then(
      (page) => {
        if (controller.signal.aborted) return
        running.current = null
        next.current = page.next
        setPages((now) => ({
          items: first ? page.items : [...now.items, ...page.items],
          state: 'ready',
          error: null,
          more: page.next !== null,
        }))
      },
      (error: unknown) => {
        if (controller.signal.aborted) return
        running.current = null
        const failure = error instanceof CallError ? error : new CallError('E_INTERNAL', String(error), {})
        setPages((now) => ({ ...now, state: 'failed', error: failure }))
      },
    )
  }, [])
  useEffect(() => {
    if (asked.current !== question) setPages(nothing)
    asked.current = question
    if (question !== null) load(true)
    return () => {
      running.current?.abort()
      running.current = null
    }
  }, [question, stale, tries, load])
  const loadMore = useCallback(() => {
    if (!running.current && next.current !== null) load(false)
  }, [load])
  const again = useCallback(() => setTries((n) => n + 1), [])
  return { ...pages, loadMore, again }
}

const nothing = { items: [], state: 'loading', error: null, more: false } as const
