interface Chord {
  readonly key: string
  readonly ctrl: boolean
  readonly alt: boolean
  readonly shift: boolean
  /** The keys go into a text that is being written. */
  readonly writing: boolean
  /** Keys without Ctrl or Alt that type something mean something, too. */
  readonly letters: boolean
}

export type GlobalKey =
  'palette' | 'search' | 'undo' | 'back' | 'forward' | 'keys' | 'settings' | 'next-part' | 'previous-part'

/** What a key means wherever the window is; null: nothing, it is the screen's. */
export function globalKey({ key, ctrl, alt, shift, writing, letters }: Chord): GlobalKey | null {
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
  if (ctrl || alt) return null
  if (key === 'F1') return 'keys'
  if (key === 'F6') return shift ? 'previous-part' : 'next-part'
  return key === '?' && letters && !writing ? 'keys' : null
}
