import { diffWordsWithSpace } from 'diff'

/** Part of a line, in UTF-16 units. */
export interface Range {
  readonly from: number
  readonly to: number
}

export interface WordDifference {
  readonly old: readonly Range[]
  readonly now: readonly Range[]
}

/** What is between the equal ends of two lines is compared word by word up to here. */
const LONGEST = 2000
/** Edits after which two lines count as having nothing in common. */
const EDITS = 200
/** With less than this part of both in common, words marked all over say nothing. */
const COMMON = 0.25
/** So few characters that are the same between two that differ are marked with them: a phrase is one mark. */
const JOINED = 3

/** What differs within two lines that stand for each other; null: nothing is worth marking. */
export function differentWords(old: string, now: string): WordDifference | null {
  if (old === now) return null
  const { prefix, suffix } = commonEnds(old, now)
  const oldMiddle = old.slice(prefix, old.length - suffix)
  const nowMiddle = now.slice(prefix, now.length - suffix)
  const whole = { old: ranges([[prefix, oldMiddle.length]]), now: ranges([[prefix, nowMiddle.length]]) }
  if (oldMiddle.length > LONGEST || nowMiddle.length > LONGEST) return prefix + suffix > 0 ? whole : null
  const parts = diffWordsWithSpace(oldMiddle, nowMiddle, { maxEditLength: EDITS, timeout: 20 })
  if (!parts) return prefix + suffix > 0 ? whole : null
  const marked: { old: [number, number][]; now: [number, number][] } = { old: [], now: [] }
  let [oldAt, nowAt, same] = [prefix, prefix, prefix + suffix]
  for (const [index, { added, removed, value }] of parts.entries()) {
    const between = index > 0 && index < parts.length - 1 && value.trim().length <= JOINED
    if (removed || (!added && between)) marked.old.push([oldAt, value.length])
    if (added || (!removed && between)) marked.now.push([nowAt, value.length])
    if (!added && !removed && value.trim() !== '') same += value.length
    if (!added) oldAt += value.length
    if (!removed) nowAt += value.length
  }
  if (same < COMMON * Math.min(old.trim().length, now.trim().length)) return null
  return { old: ranges(marked.old), now: ranges(marked.now) }
}

/** How much both begin with, and end with beyond that. Whole words, and whole characters, are left in one piece. */
export function commonEnds(old: string, now: string): { prefix: number; suffix: number } {
  const shorter = Math.min(old.length, now.length)
  let prefix = 0
  while (prefix < shorter && old.charCodeAt(prefix) === now.charCodeAt(prefix)) prefix++
  let suffix = 0
  while (
    suffix < shorter - prefix &&
    old.charCodeAt(old.length - 1 - suffix) === now.charCodeAt(now.length - 1 - suffix)
  )
    suffix++
  while (prefix > 0 && isInWord(old, prefix) && (isWord(old, prefix) || isWord(now, prefix))) prefix--
  while (suffix > 0 && isWord(old, old.length - suffix) && isJoined(old, now, suffix)) suffix--
  return { prefix, suffix }
}

const WORD = /[\p{L}\p{N}_\ud800-\udfff]/u

function isWord(text: string, at: number): boolean {
  return at >= 0 && at < text.length && WORD.test(text.charAt(at))
}

function isInWord(text: string, at: number): boolean {
  return isWord(text, at - 1)
}

function isJoined(old: string, now: string, suffix: number): boolean {
  return isWord(old, old.length - suffix - 1) || isWord(now, now.length - suffix - 1)
}

function ranges(parts: readonly (readonly [number, number])[]): Range[] {
  const joined: { from: number; to: number }[] = []
  for (const [from, length] of parts) {
    const last = joined.at(-1)
    if (length === 0) continue
    if (last?.to === from) last.to = from + length
    else joined.push({ from, to: from + length })
  }
  return joined
}
