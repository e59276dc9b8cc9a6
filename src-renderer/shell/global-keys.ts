import { useEffect } from 'react'
import { undo } from '../restore/restore.ts'
import { openOverlay, useOverlay } from '../state/dialogs.ts'
import { go, useRoute } from '../state/route.ts'
import { type GlobalKey, globalKey } from './key-meaning.ts'

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

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button'].includes(target.type)
}
