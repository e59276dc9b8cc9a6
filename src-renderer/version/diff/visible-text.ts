import { visible } from '../../ui/visible.ts'

/** A character that is shown as something else. */
export type Oddity = 'tab' | 'hidden'

export interface Piece {
  readonly text: string
  readonly odd: Oddity | null
}

/** Cuts the text of a line where something in it would not be seen, or would change how the rest is shown. */
export function visiblePieces(text: string): readonly Piece[] {
  if (text === '') return []
  if (visible(text) === text) return [{ text, odd: null }]
  const pieces: Piece[] = []
  let plain = ''
  const flush = (): void => {
    if (plain !== '') pieces.push({ text: plain, odd: null })
    plain = ''
  }
  for (const character of text) {
    const shown = character === '\t' ? null : visible(character)
    if (shown === character) plain += character
    else {
      flush()
      pieces.push(shown === null ? { text: '\t', odd: 'tab' } : { text: shown, odd: 'hidden' })
    }
  }
  flush()
  return pieces
}
