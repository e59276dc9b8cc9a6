import type { KeyboardEvent } from 'react'

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }

/**
 * Arrows, Home and End between the elements with the attribute `data-row` below the one that this is set on; going up
 * from the first calls `onLeave`.
 */
export function moveBetweenRows(event: KeyboardEvent<HTMLElement>, onLeave?: () => void): void {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')]
  const here = rows.findIndex((row) => row.contains(document.activeElement))
  const to = nextRow(event.key, here, rows.length)
  if (to === null) return
  event.preventDefault()
  if (to < 0) return onLeave?.()
  rows[to]?.focus()
  rows[to]?.scrollIntoView({ block: 'nearest' })
}

/** Where a key leads from row `here` of `count`; -1: out at the top; null: nowhere. */
export function nextRow(key: string, here: number, count: number): number | null {
  if (count === 0) return null
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  const step = steps[key]
  if (step === undefined) return null
  return Math.min(count - 1, here + step)
}
