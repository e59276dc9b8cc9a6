import type { Moment } from '../../state/projects.ts'

/** How a moment is named in the address: numbers of its first and last change. */
export function momentName({ first, last }: Pick<Moment, 'first' | 'last'>): string {
  return `${first}-${last}`
}

/** Null: no such name. */
export function parseMoment(name: string): { readonly first: number; readonly last: number } | null {
  const [, first, last] = /^(\d{1,15})-(\d{1,15})$/.exec(name) ?? []
  if (first === undefined || last === undefined || Number(first) > Number(last)) return null
  return { first: Number(first), last: Number(last) }
}

/** The two versions that are compared; `to` null: now; `from` null: only `to` is shown. */
export interface Sides {
  readonly from: string | null
  readonly to: string | null
}

export type Comparison = 'did' | 'before-now' | 'after-now'

/**
 * What a moment is looked at by: what it did; of a deletion what was there before, beside now. `newest`: nothing came
 * after it, so that its *after* is now.
 */
export function sidesOf(moment: Moment, comparison: Comparison, newest: boolean): Sides {
  switch (comparison) {
    case 'did':
      return { from: moment.before, to: newest ? null : moment.after }
    case 'before-now':
      return { from: moment.before, to: null }
    case 'after-now':
      return { from: moment.after, to: null }
  }
}

/** What is shown of a path when its moment is chosen and nothing else: saves the day for what is gone. */
export function defaultSides(moment: Moment, action: string | null, newest: boolean): Sides {
  if (action === 'delete') return sidesOf(moment, 'before-now', newest)
  const sides = sidesOf(moment, 'did', newest)
  return action === 'create' ? { from: null, to: moment.after } : sides
}

/** Which of the comparisons these sides are; null: two other versions. */
export function comparisonOf(sides: Sides, moment: Moment, newest: boolean): Comparison | null {
  const all = ['did', 'before-now', 'after-now'] as const
  const is = (one: Sides): boolean => one.from === sides.from && one.to === sides.to
  if (sides.from === null && sides.to === moment.after) return 'did'
  return all.find((comparison) => is(sidesOf(moment, comparison, newest))) ?? null
}

/** The path a moment opens with: the folder that went as a whole, else the first of its paths. */
export function defaultPath({ paths, removed }: Moment): string | null {
  const [first] = paths
  if (!first) return null
  const gone = paths.filter(({ action }) => action === 'delete')
  if (removed > 1 && gone.length > 1) {
    const top = gone.find(({ path }) => gone.every((other) => other.path === path || isBelow(other.path, path)))
    if (top) return top.path
  }
  return first.path
}

export function isBelow(path: string, folder: string): boolean {
  return folder === '' ? path !== '' : path.startsWith(`${folder}/`)
}

/** A name that can be given: tags have no spaces. */
export function tagName(text: string): string {
  return text.trim().replace(/\s+/g, '-')
}
