import { useEffect } from 'react'
import { undo } from '../restore/restore.ts'
import { openOverlay, useOverlay } from '../state/dialogs.ts'
import { go, useRoute } from '../state/route.ts'

interface Chord {
  readonly key: string
  readonly ctrl: boolean
  readonly alt: boolean
  readonly shift: boolean
  /** The keys go into a text that is being written. */
  readonly writing: boolean
}

export type GlobalKey = 'palette' | 'search' | 'undo' | 'back' | 'forward' | 'keys' | 'settings'

/** What a key means wherever the window is; null: nothing, it is the screen's. */
export function globalKey({ key, ctrl, alt, shift, writing }: Chord): GlobalKey | null {
  if (ctrl && !alt && !shift) {
    if (key === 'k') return 'palette'
    if (key === 'f') return 'search'
    if (key === ',') return 'settings'
    if (key === 'z' && !writing) return 'undo'
  }
  if (alt && !ctrl && !shift) {
    if (key === 'ArrowLeft') return 'back'
    if (key === 'ArrowRight') return 'forward'
  }
  return key === '?' && !ctrl && !alt && !writing ? 'keys' : null
}

export function useGlobalKeys(): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return
      const { ctrlKey, metaKey, altKey: alt, shiftKey: shift } = event
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
      const meant = globalKey({ key, ctrl: ctrlKey || metaKey, alt, shift, writing: isWriting(event.target) })
      // What lies over the screen has the keys to itself.
      if (meant === null || (useOverlay.getState().overlay !== null && meant !== 'palette')) return
      event.preventDefault()
      act(meant)
    }
    addEventListener('keydown', hear)
    return () => removeEventListener('keydown', hear)
  }, [])
}

function act(key: GlobalKey): void {
  const { route } = useRoute.getState()
  switch (key) {
    case 'palette':
      return openOverlay({ kind: 'palette' })
    case 'search':
      return focusSearch()
    case 'undo':
      return void ('project' in route && undo(route.project))
    case 'back':
      return history.back()
    case 'forward':
      return history.forward()
    case 'keys':
      return openOverlay({ kind: 'keys' })
    case 'settings':
      return go({ screen: 'settings', tab: 'general' })
  }
}

/** The search field of the screen; where there is none, that of the entrance. */
function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('main input[type="search"]')
  if (field) {
    field.focus()
    field.select()
  } else go({ screen: 'entrance' })
}

export function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button'].includes(target.type)
}
