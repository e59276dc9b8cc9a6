import { useEffect } from 'react'
import { undo, undoLatest } from '../restore/restore.ts'
import { openOverlay, useOverlay } from '../state/dialogs.ts'
import { go, useRoute } from '../state/route.ts'
import { useSettings } from '../state/settings.ts'
import { type GlobalKey, globalKey } from './key-meaning.ts'
import { goToPart } from './parts.ts'

export function useGlobalKeys(): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return
      const { ctrlKey, metaKey, altKey: alt, shiftKey: shift } = event
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
      const writing = isWriting(event.target)
      const letters = useSettings.getState().settings?.letterShortcuts ?? true
      const meant = globalKey({ key, ctrl: ctrlKey || metaKey, alt, shift, writing, letters })
      // What lies over the screen has the keys to itself.
      if (meant === null || (isCovered() && meant !== 'palette')) return
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
      return void ('project' in route ? undo(route.project) : undoLatest())
    case 'back':
      return history.back()
    case 'forward':
      return history.forward()
    case 'keys':
      return openOverlay({ kind: 'keys' })
    case 'settings':
      return go({ screen: 'settings', tab: 'general' })
    case 'next-part':
      return goToPart(1)
    case 'previous-part':
      return goToPart(-1)
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

function isCovered(): boolean {
  return useOverlay.getState().overlay !== null || document.querySelector('[role="dialog"]') !== null
}

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button'].includes(target.type)
}
