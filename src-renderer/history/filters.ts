import type { HistoryPlace } from '../state/route.ts'
import { spanWords } from './scrub/ticks.ts'
import type { MomentsQuestion } from './moments/use-moments.ts'
import { instantOf } from '../ui/time.ts'
import type { Span } from './scrub/zoom.ts'

const kinds = ['import', 'create', 'edit', 'delete', 'rename', 'attributes', 'restore', 'several', 'seal'] as const

/** What the choices of the address ask of the history. */
export function questionOf(project: string, place: HistoryPlace): MomentsQuestion {
  const kind = kinds.find((one) => one === place.kind)
  const filter = {
    ...(place.since === undefined ? {} : { since: place.since }),
    ...(place.until === undefined ? {} : { until: place.until }),
    ...(place.program === undefined ? {} : { program: place.program }),
    ...(kind === undefined ? {} : { kind }),
    ...(place.filter === 'deleted' ? { deleted: 'all' as const } : {}),
  }
  return {
    project,
    ...(place.within === undefined ? {} : { path: place.within }),
    ...(Object.keys(filter).length === 0 ? {} : { filter }),
    ...(place.filter === 'named' ? { named: true } : {}),
  }
}

/** What narrows the list, in words, for one that is empty; empty: nothing does. */
export function filterWords(place: HistoryPlace, now: number): string {
  const brush = brushOf(place, now)
  const kind = place.kind === undefined ? null : `of the kind “${place.kind}”`
  return [
    place.filter === 'deleted' ? 'with something deleted' : null,
    place.filter === 'named' ? 'with a name' : null,
    place.program === undefined ? null : `by ${place.program}`,
    kind,
    place.within === undefined ? null : `that touched ${place.within}`,
    brush && `in ${spanWords(brush, now)}`,
  ]
    .filter((part) => part !== null)
    .join(', ')
}

/** All of the choices that narrow the list, taken away. */
export const noFilter = {
  filter: undefined,
  program: undefined,
  kind: undefined,
  within: undefined,
  since: undefined,
  until: undefined,
} as const

/** The part of time that the address looks at. */
export function brushOf({ since, until }: HistoryPlace, now: number): Span | null {
  if (since === undefined && until === undefined) return null
  const span = {
    since: since === undefined ? 0 : instantOf(since),
    until: until === undefined ? now : instantOf(until),
  }
  return Number.isFinite(span.since) && Number.isFinite(span.until) && span.since < span.until ? span : null
}

/** Programs of moments after those that were known before, each once. */
export function programsSeen(
  before: readonly string[],
  moments: readonly { readonly programs: readonly string[] }[],
  most = 30,
): readonly string[] {
  const known = new Set(before)
  for (const { programs } of moments) for (const name of programs) if (known.size < most) known.add(name)
  return known.size === before.length ? before : [...known]
}
