import type { Result } from '../../src-preload/contract.ts'
import type { Moment } from '../state/projects.ts'

export type Thing = Result<'history.recent'>['removed'][number]

/** A line of the entrance: a file or folder, or all that one program did to many at once. */
export type RecentRow =
  | { readonly kind: 'thing'; readonly project: string; readonly time: string; readonly thing: Thing }
  | {
      readonly kind: 'moment'
      readonly project: string
      readonly time: string
      readonly moment: Moment
      readonly action: Thing['action']
      /** One of the paths, for the others to be counted beside. */
      readonly path: string
      readonly count: number
    }

export interface ProjectRecent {
  readonly project: string
  readonly things: readonly Thing[]
  /** Moments of the same time. */
  readonly moments: readonly Moment[]
}

/** A moment with so many of the things is one line. */
const MANY = 4

/** The things of all projects, the newest first; what one program did to many at once stands as one. */
export function recentRows(projects: readonly ProjectRecent[]): readonly RecentRow[] {
  return projects.flatMap(rowsOf).sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0))
}

function rowsOf({ project, things, moments }: ProjectRecent): RecentRow[] {
  const groups = new Map<Moment, Thing[]>()
  const single: Thing[] = []
  for (const thing of things) {
    const moment = moments.find(({ first, last }) => thing.change >= first && thing.change <= last)
    if (moment) groups.set(moment, [...(groups.get(moment) ?? []), thing])
    else single.push(thing)
  }
  const rows: RecentRow[] = []
  for (const [moment, members] of groups) {
    const [newest] = members
    // A file that was saved often is told by its own line, whatever else the same program touched.
    if (members.length < MANY || !newest) single.push(...members)
    else {
      const { action, time, path } = newest
      const count = action === 'delete' ? members.length : Math.max(members.length, moment.count)
      rows.push({ kind: 'moment', project, time, moment, action, path, count })
    }
  }
  return [...rows, ...single.map((thing) => ({ kind: 'thing' as const, project, time: thing.time, thing }))]
}

export function rowKey(row: RecentRow): string {
  return row.kind === 'thing'
    ? `${row.project} ${row.thing.path} ${row.thing.change}`
    : `${row.project} ${row.moment.first}-${row.moment.last}`
}
