import { useEffect, useState } from 'react'

/** The time, looked at again every so many milliseconds while the window is seen. */
export function useNow(every = 30_000): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const look = (): void => {
      if (!document.hidden) setNow(Date.now())
    }
    const timer = setInterval(look, every)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [every])
  return now
}
