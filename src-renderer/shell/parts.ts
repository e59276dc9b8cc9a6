import { isThere, stopIn } from './kept-focus.ts'

/** Parts of the window in the order in which F6 goes through them. */
const PARTS = '.banner, .sidebar, main:not(:has(.history)), .history-top, .scrub, .back-bar, .panes > .pane, .toasts'

/** The focus goes to the next part of the window that takes it (-1: the one before), around at the end. */
export function goToPart(step: 1 | -1): void {
  const parts = [...document.querySelectorAll(PARTS)].filter((part) => isThere(part) && stopIn(part) !== null)
  const here = parts.findIndex((part) => part.contains(document.activeElement))
  const from = here === -1 && step === -1 ? 0 : here
  const to = parts[(from + step + parts.length) % parts.length]
  if (to) stopIn(to)?.focus()
}
