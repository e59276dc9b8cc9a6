import { useCallback, useEffect, useState } from 'react'
import { CallError, sentenceOf } from '../../bridge/call.ts'

interface Page<T> {
  readonly rows: readonly T[]
  readonly next: string | null
}

export interface Pages<T> {
  readonly rows: readonly T[]
  readonly loading: boolean
  /** There are more. */
  readonly more: boolean
  readonly error: CallError | null
  readonly loadMore: () => void
}

/** A long answer, one page after the other; begins anew when `load` is another function. */
export function usePages<T>(load: (after: string | null, signal: AbortSignal) => Promise<Page<T>>): Pages<T> {
  const [rows, setRows] = useState<readonly T[]>([])
  const [next, setNext] = useState<string | null>(null)
  const [wanted, setWanted] = useState<string | null>(null)
  const [loading, setLoading] = useState(true)
  const [error, setError] = useState<CallError | null>(null)
  const [from, setFrom] = useState(() => load)
  if (from !== load) {
    setFrom(() => load)
    setRows([])
    setNext(null)
    setWanted(null)
  }
  useEffect(() => {
    const controller = new AbortController()
    setLoading(true)
    setError(null)
    load(wanted, controller.signal).then(
      (page) => {
        if (controller.signal.aborted) return
        setRows((before) => (wanted === null ? page.rows : [...before, ...page.rows]))
        setNext(page.next)
        setLoading(false)
      },
      (error: unknown) => {
        if (controller.signal.aborted) return
        setError(error instanceof CallError ? error : new CallError('E_INTERNAL', sentenceOf(error), {}))
        setLoading(false)
      },
    )
    return () => controller.abort()
  }, [load, wanted])
  const loadMore = useCallback(() => {
    if (!loading && next !== null) setWanted(next)
  }, [loading, next])
  return { rows, loading, more: next !== null, error, loadMore }
}
