/** A text in pieces: those that are what was searched for, whatever their case, and those between. */
export interface Piece {
  readonly text: string
  readonly found: boolean
}

export function marks(text: string, wanted: string): Piece[] {
  const [low, want] = [text.toLowerCase(), wanted.toLowerCase()]
  // Where lower case has another length, places in it are not places in the text.
  if (want === '' || low.length !== text.length) return [{ text, found: false }]
  const pieces: Piece[] = []
  let from = 0
  for (let at = low.indexOf(want); at >= 0; at = low.indexOf(want, from)) {
    if (at > from) pieces.push({ text: text.slice(from, at), found: false })
    pieces.push({ text: text.slice(at, at + want.length), found: true })
    from = at + want.length
  }
  if (from < text.length) pieces.push({ text: text.slice(from), found: false })
  return pieces
}
