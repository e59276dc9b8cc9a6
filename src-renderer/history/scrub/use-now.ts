import { useEffect, useState } from 'react'

const EVERY_MS = 60_000

/** The time, as it was when something last happened, or the minute began; a hidden window lets it stand. */
export function useNow(happened: unknown): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => setNow(Date.now()), [happened])
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === 'visible') setNow(Date.now())
    }
    const timer = setInterval(look, EVERY_MS)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [])
  return now
}
