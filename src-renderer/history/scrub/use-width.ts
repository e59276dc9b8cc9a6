import { useEffect, useRef, useState, type RefObject } from 'react'

/** An element and how wide it is, in pixels; 0 until it is known. */
export function useWidth<E extends HTMLElement>(): readonly [RefObject<E | null>, number] {
  const element = useRef<E>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const place = element.current
    if (!place) return
    const watcher = new ResizeObserver(() => setWidth(Math.floor(place.clientWidth)))
    watcher.observe(place)
    return () => watcher.disconnect()
  }, [])
  return [element, width]
}
