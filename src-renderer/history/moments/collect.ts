import type { Result } from '../../../src-preload/contract.ts'
import type { Moment } from '../../state/projects.ts'

type Page = Result<'history.moments'>

/** Moments as a list shows them, newest first. */
export interface Moments {
  readonly shown: readonly Moment[]
  /** Newer ones that are not shown yet: nothing moves by itself. */
  readonly fresh: readonly Moment[]
  /** Where the page after the last one begins; null: there are no older ones. */
  readonly next: number | null
  /** Not null: there are more between the fresh and the shown than a page tells; where the page after the fresh begins. */
  readonly gap: { readonly next: number } | null
}

export function firstPage({ moments, next }: Page): Moments {
  return { shown: moments, fresh: [], next, gap: null }
}

export function addPage(now: Moments, { moments, next }: Page): Moments {
  return { ...now, shown: [...now.shown, ...moments], next }
}

/**
 * Takes the newest page, asked anew: moments that went on, or got a name, are replaced where they stand, newer ones are
 * put aside. An empty list takes them at once.
 */
export function collect(now: Moments, page: Page): Moments {
  const newest = now.shown[0]
  if (!newest) return firstPage(page)
  const known = new Map(page.moments.map((moment) => [moment.first, moment]))
  const fresh = page.moments.filter(({ first }) => first > newest.first)
  const shown = replaceKnown(now.shown, known)
  const gap = page.next !== null && fresh.length === page.moments.length ? { next: page.next } : null
  return { ...now, shown, fresh, gap }
}

/** Puts those that were held back on top; over a gap the list begins anew. */
export function showFresh(now: Moments): Moments {
  if (now.gap) return { shown: now.fresh, fresh: [], next: now.gap.next, gap: null }
  return { ...now, shown: [...now.fresh, ...now.shown], fresh: [] }
}

/** "4 new", "200+ new". */
export function freshWords({ fresh, gap }: Moments): string {
  return `${fresh.length}${gap ? '+' : ''} new`
}

export function replaceOne(now: Moments, moment: Moment): Moments {
  return { ...now, shown: replaceKnown(now.shown, new Map([[moment.first, moment]])) }
}

/** The list itself when nothing differs. Those known are the newest, so the search ends below the last of them. */
function replaceKnown(shown: readonly Moment[], known: ReadonlyMap<number, Moment>): readonly Moment[] {
  const oldest = Math.min(...known.keys())
  const changed: [index: number, moment: Moment][] = []
  for (let index = 0; index < shown.length && shown[index]!.first >= oldest; index++) {
    const before = shown[index]!
    const after = known.get(before.first)
    if (after && (after.after !== before.after || after.names.join('\0') !== before.names.join('\0')))
      changed.push([index, after])
  }
  if (changed.length === 0) return shown
  const copy = [...shown]
  for (const [index, moment] of changed) copy[index] = moment
  return copy
}
