/** The machine otherwise at rest, or with one core kept busy. */
export type Machine = 'idle' | 'busy'
/** Work that the log holds, or ten times as much as the log may hold. */
export type Load = 'burst' | 'sustained'
export type PlaceName = 'ext4' | 'bindfs' | 'ize'
/** Programs that do the same as the store, without a mount. */
export type RivalName = 'git' | 'restic' | 'borg' | 'openssl'
export type Unit = 's' | 'ms' | 'MB' | 'KB' | 'per write'

/** One line of the table: what was measured where, and what the target makes of it. */
export interface Figure {
  readonly row: string
  readonly title: string
  readonly machine: Machine
  readonly load: Load
  readonly unit: Unit
  readonly values: Readonly<Partial<Record<PlaceName | RivalName, number>>>
  /** Seconds from the end of the work until all of it was in history. */
  readonly history: number | null
  /** In words; empty: none. */
  readonly target: string
  /** What Ize's value may be at most; null: no target, or not to be had in this run. */
  readonly limit: number | null
  readonly note: string
}

export function isMet({ values, limit }: Figure): boolean | null {
  if (limit === null || values.ize === undefined) return null
  return values.ize <= limit
}
