import { useEffect, useState } from 'react'
import { CallError, sentenceOf } from '../bridge/call.ts'

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: CallError }

/** What `load` brings, anew whenever it is another function; what comes too late is let go of. */
export function useLoaded<T>(load: () => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: 'loading' })
  useEffect(() => {
    let current = true
    setLoaded({ state: 'loading' })
    load().then(
      (value) => current && setLoaded({ state: 'ready', value }),
      (error: unknown) => {
        const failure = error instanceof CallError ? error : new CallError('E_INTERNAL', sentenceOf(error), {})
        if (current) setLoaded({ state: 'failed', error: failure })
      },
    )
    return () => {
      current = false
    }
  }, [load])
  return loaded
}
