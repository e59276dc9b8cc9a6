import { type Clock, readTime } from '../../src-preload/time-text.ts'

/** What was typed: a name or a sentence, a time at which it was there, or both. */
export interface SearchQuery {
  readonly text: string
  /** A time of the contract. */
  readonly at: string | null
}

/** A time stands alone or behind the name: "notes yesterday 14:00". */
export function readQuery(typed: string, clock: Clock): SearchQuery {
  const words = typed.trim().split(/\s+/)
  for (let from = 0; from < words.length; from++) {
    const at = timeIn(words.slice(from).join(' '), clock)
    if (at !== null) return { text: words.slice(0, from).join(' '), at }
  }
  return { text: typed.trim(), at: null }
}

function timeIn(text: string, clock: Clock): string | null {
  try {
    return readTime(text, clock)
  } catch {
    // It looks like a time and is none: then it is a name.
    return null
  }
}
