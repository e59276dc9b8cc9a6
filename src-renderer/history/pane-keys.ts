import type { KeyboardEvent } from 'react'

/** Where keys lead from a pane; null: nowhere. */
export interface PaneKeys {
  readonly left: (() => void) | null
  readonly right: (() => void) | null
}

/** The arrows go from list to list, and Escape goes back the way that Enter came. A list's own keys come first. */
export function paneKeys({ left, right }: PaneKeys): (event: KeyboardEvent<HTMLElement>) => void {
  return (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    const target = event.target as Element
    // A dialog that was opened from here lies elsewhere, and has keys of its own.
    if (!event.currentTarget.contains(target)) return
    const inList = target.matches('[role="listbox"], [role="tree"]')
    const back = event.key === 'Escape' || (inList && event.key === 'ArrowLeft')
    const way = back ? left : inList && event.key === 'ArrowRight' ? right : null
    if (!way) return
    event.preventDefault()
    way()
  }
}
