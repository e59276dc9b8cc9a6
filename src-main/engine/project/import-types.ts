import type { Ino } from '../oplog/operation.ts'

/** What the import thread is told. Paths are as Node has them. */
export interface ImportRequest {
  readonly projects: string
  readonly uuid: string
  readonly name: string
  readonly created: string
  /** Resolved folder to import; null: an empty project. */
  readonly source: string | null
  /** `ignore` of the settings in force. */
  readonly patterns: readonly string[]
  readonly textLimit: number
  /** Author of the change. */
  readonly author: string
}

/** What was found in the source, before anything is copied. */
export interface ImportPlan {
  /** Everything but directories, versioned or not. */
  readonly files: number
  readonly directories: number
  readonly bytes: number
  /** Bytes the project may take at most, and bytes that are free. */
  readonly needed: number
  readonly free: number
  /** Paths that will have no history (latin1, directories with a slash at the end): the topmost, the first thousand. */
  readonly unversioned: readonly string[]
}

export type ImportProgress =
  | { readonly phase: 'scan'; readonly files: number; readonly bytes: number }
  | ({ readonly phase: 'plan' } & ImportPlan)
  | {
      readonly phase: 'copy'
      readonly files: number
      readonly bytes: number
      readonly totalFiles: number
      readonly totalBytes: number
    }
  | { readonly phase: 'record'; readonly files: number; readonly totalFiles: number }

export interface ImportReport {
  /** Null for an empty project. */
  readonly plan: ImportPlan | null
  /** Hashes of the import's changes: one, or several when there was very much text. */
  readonly changes: readonly string[]
  /** What was not or not wholly imported: paths (latin1) that changed or vanished while they were copied, and devices only root can make. */
  readonly incomplete: readonly { readonly path: string; readonly why: string }[]
}

/** One entry of the source with the number it gets; `stats` in the order of native `statIdentity`. */
export interface SourceEntry {
  readonly name: string
  readonly stats: Float64Array
  readonly versioned: boolean
  readonly ino: Ino
  /** Of a directory. */
  readonly children: readonly SourceEntry[] | null
}

/** Places in a Float64Array of native `statIdentity`. */
export const STAT = {
  mode: 0,
  ino: 1,
  nlink: 2,
  uid: 3,
  gid: 4,
  rdev: 5,
  size: 6,
  blocks: 7,
  aSec: 8,
  aNsec: 9,
  mSec: 10,
  mNsec: 11,
  cSec: 12,
  cNsec: 13,
  dev: 14,
} as const

export const S_IFMT = 0o170000
export const S_IFREG = 0o100000
export const S_IFDIR = 0o040000
export const S_IFLNK = 0o120000

export function statOf(stats: Float64Array, word: keyof typeof STAT): number {
  return stats[STAT[word]] ?? 0
}

export function kindOf(stats: Float64Array): number {
  return statOf(stats, 'mode') & S_IFMT
}
