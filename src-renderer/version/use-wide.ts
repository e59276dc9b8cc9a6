import { type RefObject, useLayoutEffect, useState } from 'react'

/** Whether an element is at least so many pixels wide. */
export function useWide(element: RefObject<HTMLElement | null>, width: number): boolean {
  const [wide, setWide] = useState(true)
  useLayoutEffect(() => {
    const { current } = element
    if (!current) return
    const observer = new ResizeObserver(() => setWide(current.clientWidth >= width))
    observer.observe(current)
    setWide(current.clientWidth >= width)
    return () => observer.disconnect()
  }, [element, width])
  return wide
}
