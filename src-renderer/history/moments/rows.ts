import type { Result } from '../../../src-preload/contract.ts'
import type { Moment } from '../../state/projects.ts'
import { instantOf, startOfDay } from '../../ui/time.ts'

export type Operation = Result<'history.entries'>['entries'][number]

/** What is below a moment that is open. */
export interface Operations {
  readonly state: 'loading' | 'ready' | 'failed'
  readonly entries: readonly Operation[]
  /** There are more than these. */
  readonly more: boolean
}

export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly moment: Moment }
  | { readonly kind: 'moment'; readonly key: string; readonly moment: Moment; readonly position: number }
  | { readonly kind: 'operation'; readonly key: string; readonly entry: Operation; readonly moment: Moment }
  | { readonly kind: 'operations'; readonly key: string; readonly moment: Moment; readonly state: Operations['state'] }

/** The rows of a list of moments, all closed. */
export interface ClosedRows {
  readonly moments: readonly Moment[]
  readonly rows: readonly Row[]
}

/** One row for each day and moment. Those of the moments before it are taken over, so that a page more costs a page. */
export function closedRows(moments: readonly Moment[], before: ClosedRows | null = null): ClosedRows {
  const known = before && begins(before.moments, moments) ? before : { moments: [], rows: [] }
  const rows: Row[] = []
  const newest = known.moments.at(-1)
  let day = newest ? dayOf(newest.time) : null
  for (let index = known.moments.length; index < moments.length; index++) {
    const moment = moments[index]!
    if (!day || !holds(day, moment.time)) {
      day = dayOf(moment.time)
      rows.push({ kind: 'day', key: `d${moment.first}`, moment })
    }
    rows.push({ kind: 'moment', key: `m${moment.first}`, moment, position: index + 1 })
  }
  return { moments, rows: known.rows.concat(rows) }
}

/** With what is below the moments that are open. */
export function withOperations(rows: readonly Row[], open: ReadonlyMap<number, Operations>): readonly Row[] {
  const places = [...open.keys()]
    .map((first) => indexOfMoment(rows, first))
    .filter((index) => index >= 0)
    .sort((a, b) => a - b)
  let [all, from]: [readonly Row[], number] = [[], 0]
  for (const index of places) {
    const { moment } = rows[index]!
    all = all.concat(rows.slice(from, index + 1), operationRows(moment, open.get(moment.first)!))
    from = index + 1
  }
  return from === 0 ? rows : all.concat(rows.slice(from))
}

export const isMoment = (row: Row | undefined): row is Extract<Row, { kind: 'moment' }> => row?.kind === 'moment'

/** Where a moment is, by its first change; -1: nowhere. Moments that began later stand above. */
export function indexOfMoment(rows: readonly Row[], first: number): number {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (rows[middle]!.moment.first > first) low = middle + 1
    else high = middle
  }
  const at = rows[low]?.kind === 'day' ? low + 1 : low
  return rows[at]?.moment.first === first ? at : -1
}

/** Where the row with the key is, if it belongs to the moment. */
export function indexOfKey(rows: readonly Row[], first: number, key: string): number {
  const begin = indexOfMoment(rows, first)
  for (let index = begin; index >= 0 && rows[index]?.moment.first === first; index++)
    if (rows[index]!.key === key) return index
  return begin
}

function begins(before: readonly Moment[], moments: readonly Moment[]): boolean {
  return before.length <= moments.length && before.every((moment, index) => moments[index] === moment)
}

function operationRows(moment: Moment, { state, entries, more }: Operations): Row[] {
  const rows: Row[] = entries.map((entry) => ({
    kind: 'operation',
    key: `o${entry.change}:${entry.version}:${entry.path}`,
    entry,
    moment,
  }))
  if (state !== 'ready' || more) rows.push({ kind: 'operations', key: `p${moment.first}`, moment, state })
  return rows
}

/** A day of the user's, as beginnings of times: texts compare faster than dates are read. */
interface Day {
  readonly begin: string
  readonly end: string
}

function dayOf(time: string): Day {
  const begin = startOfDay(instantOf(time))
  // Noon is in the same day whatever daylight saving does; the day after begins within the next 36 hours.
  const end = startOfDay(begin + 36 * 3_600_000)
  return { begin: textOf(begin), end: textOf(end) }
}

function holds({ begin, end }: Day, time: string): boolean {
  return time >= begin && time < end
}

/** Without its end, so that it stands before every time that goes on with digits. */
function textOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, -1)
}
