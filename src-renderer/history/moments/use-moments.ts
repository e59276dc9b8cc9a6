import { useCallback, useEffect, useRef, useState } from 'react'
import type { WindowParams } from '../../../src-preload/bridge.ts'
import type { Result } from '../../../src-preload/contract.ts'
import { call, CallError } from '../../bridge/call.ts'
import type { Moment } from '../../state/projects.ts'
import { addPage, collect, firstPage, type Moments, replaceOne, showFresh } from './collect.ts'

export type MomentsQuestion = Omit<WindowParams<'history.moments'>, 'before' | 'limit'>

export interface LoadedMoments {
  readonly moments: Moments
  readonly state: 'loading' | 'ready' | 'failed'
  readonly error: CallError | null
  readonly loadMore: () => void
  readonly again: () => void
  readonly showFresh: () => void
  /** Reads one of them again, after it got a name. */
  readonly refresh: (moment: Moment) => Promise<void>
}

const PAGE = 200
/** What is looked at first, and anew when there is more: enough for any screen, and soon. */
const FIRST_PAGE = 60
/** Between two looks at what is new, while history grows without rest. */
const PAUSE_MS = 400
const none: Moments = { shown: [], fresh: [], next: null, gap: null }

/** The moments that fit, in pages; `grown` changes when there may be new ones, which then are put aside. */
export function useMoments(question: MomentsQuestion, grown: unknown): LoadedMoments {
  const [moments, setMoments] = useState<Moments>(none)
  const [state, setState] = useState<LoadedMoments['state']>('loading')
  const [error, setError] = useState<CallError | null>(null)
  const [tries, setTries] = useState(0)
  const text = JSON.stringify(question)
  const paging = useRef<AbortController | null>(null)
  const latest = useRef(moments)
  useEffect(() => {
    latest.current = moments
  }, [moments])

  const page = useCallback(
    (before: number | null, take: (found: Result<'history.moments'>) => void): AbortController => {
      const controller = new AbortController()
      setState('loading')
      setError(null)
      ask(text, before, controller.signal).then(
        (found) => {
          if (controller.signal.aborted) return
          paging.current = null
          take(found)
          setState('ready')
        },
        (failure: unknown) => {
          if (controller.signal.aborted) return
          paging.current = null
          setState('failed')
          setError(failure instanceof CallError ? failure : new CallError('E_INTERNAL', String(failure), {}))
        },
      )
      return controller
    },
    [text],
  )

  useEffect(() => {
    setMoments(none)
    paging.current = page(null, (found) => setMoments(firstPage(found)))
    return () => {
      paging.current?.abort()
      paging.current = null
    }
  }, [page, tries])

  // What is new is asked for at most every PAUSE_MS, and once more after the last time it was told.
  const [looked, setLooked] = useState(0)
  const look = useRef({ first: true, busy: false, wanted: false, text })
  useEffect(() => {
    look.current.text = text
  }, [text])
  useEffect(() => {
    const now = look.current
    if (now.first) return void (now.first = false)
    now.wanted = true
    if (now.busy) return
    Object.assign(now, { busy: true, wanted: false })
    const asked = now.text
    ask(asked, null)
      .then((found) => {
        // Another question takes its own first page.
        if (asked === now.text) setMoments((before) => collect(before, found))
      })
      // The list says what is wrong when it is used; what is new comes with the next event.
      .catch(() => undefined)
      .finally(() => {
        setTimeout(() => {
          now.busy = false
          if (now.wanted) setLooked((n) => n + 1)
        }, PAUSE_MS)
      })
  }, [grown, looked])

  const loadMore = useCallback(() => {
    const { next } = latest.current
    if (paging.current || next === null) return
    paging.current = page(next, (found) => setMoments((now) => addPage(now, found)))
  }, [page])
  const again = useCallback(() => setTries((n) => n + 1), [])
  const show = useCallback(() => setMoments(showFresh), [])
  const { project } = question
  const refresh = useCallback(
    async ({ first }: Moment) => {
      const found = await call('history.moments', { project, before: first + 1, limit: 1 })
      const [moment] = found.moments
      if (moment?.first === first) setMoments((now) => replaceOne(now, moment))
    },
    [project],
  )
  return { moments, state, error, loadMore, again, showFresh: show, refresh }
}

function ask(text: string, before: number | null, signal?: AbortSignal): Promise<Result<'history.moments'>> {
  const params = {
    ...(JSON.parse(text) as MomentsQuestion),
    ...(before === null ? { limit: FIRST_PAGE } : { before, limit: PAGE }),
  }
  return call('history.moments', params, signal ? { signal } : {})
}
