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
  | { readonly kind: 'day'; readonly key: string; readonly time: string }
  | { readonly kind: 'moment'; readonly key: string; readonly moment: Moment; readonly position: number }
  | { readonly kind: 'operation'; readonly key: string; readonly entry: Operation; readonly moment: Moment }
  | { readonly kind: 'operations'; readonly key: string; readonly moment: Moment; readonly state: Operations['state'] }

/** One row for each day, moment, and operation of those that are open. Quick also for 100,000 of them. */
export function rowsOf(moments: readonly Moment[], open: ReadonlyMap<number, Operations>): Row[] {
  const rows: Row[] = []
  let day: Day | null = null
  let position = 0
  for (const moment of moments) {
    if (!day || !holds(day, moment.time)) {
      day = dayOf(moment.time)
      rows.push({ kind: 'day', key: `d${moment.first}`, time: moment.time })
    }
    rows.push({ kind: 'moment', key: `m${moment.first}`, moment, position: ++position })
    const operations = open.get(moment.first)
    if (operations) addOperations(rows, moment, operations)
  }
  return rows
}

export const isMoment = (row: Row | undefined): row is Extract<Row, { kind: 'moment' }> => row?.kind === 'moment'

function addOperations(rows: Row[], moment: Moment, { state, entries, more }: Operations): void {
  for (const entry of entries)
    rows.push({ kind: 'operation', key: `o${entry.change}:${entry.version}:${entry.path}`, entry, moment })
  if (state !== 'ready' || more) rows.push({ kind: 'operations', key: `p${moment.first}`, moment, state })
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
