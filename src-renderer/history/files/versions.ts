import type { Result } from '../../../src-preload/contract.ts'
import type { Moment } from '../../state/projects.ts'
import type { Sides } from '../moments/choose.ts'

export type Entry = Result<'history.entries'>['entries'][number]
type Tag = Result<'tags.list'>['tags'][number]

export interface VersionRow {
  readonly entry: Entry
  /** What is there now, unless something waits. */
  readonly now: boolean
  readonly names: readonly string[]
  /** The name the file had until this version; null: the same. */
  readonly was: string | null
  /** Of a folder: what else of it changed with it. */
  readonly more: number
}

/** A file's own versions, newest first, with the names that were given while each was the current one. */
export function versionRows(entries: readonly Entry[], tags: readonly Tag[]): VersionRow[] {
  return entries.map((entry, index) => {
    const newer = entries[index - 1]
    const named = tags.filter(({ change }) => change >= entry.change && (newer === undefined || change < newer.change))
    return {
      entry,
      now: index === 0,
      names: named.map(({ name }) => name),
      was: newer && newer.path !== entry.path ? entry.path : null,
      more: 0,
    }
  })
}

/** A folder's: one row for each change that touched what is in it. */
export function folderRows(entries: readonly Entry[]): VersionRow[] {
  const rows: { entry: Entry; now: boolean; names: string[]; was: null; more: number }[] = []
  for (const entry of entries) {
    const last = rows.at(-1)
    if (last?.entry.change === entry.change) last.more++
    else rows.push({ entry, now: rows.length === 0, names: [], was: null, more: 0 })
  }
  return rows
}

/** Which version the left side is: that of the change itself, or the one that was there before the moment. */
export function chosenVersion(rows: readonly VersionRow[], sides: Sides, moment: Moment | null): number {
  const entries = rows.map(({ entry }) => entry)
  const exact = entries.findIndex(({ hash }) => hash === sides.from)
  if (exact >= 0) return exact
  if (!moment) return -1
  if (sides.from === moment.before) return entries.findIndex(({ change }) => change < moment.first)
  if (sides.from === moment.after || sides.to === moment.after)
    return entries.findIndex(({ change }) => change <= moment.last)
  return -1
}
