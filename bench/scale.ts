import { homedir } from 'node:os'
import { join } from 'node:path'

/** How much work each row does. The targets are for `full`; `quick` shows the same in under three minutes. */
export interface Scale {
  /** Repetitions of what is short; their median counts. */
  readonly repeats: number
  /** Repetitions of the rows that move `bigBytes`. */
  readonly bigRepeats: number
  /** Files of the tree that is untarred, walked, committed and removed. */
  readonly tree: number
  readonly created: number
  readonly saves: number
  readonly smallWrites: number
  readonly bigBytes: number
  readonly randomWrites: number
  readonly importFiles: number
  readonly importBytes: number
  readonly trackedFew: number
  readonly trackedMany: number
  readonly editsOfOneFile: number
  /** Edits timed one by one. */
  readonly edits: number
  readonly walked: number
  readonly waiting: number
  /** Versions of a text of 10 MB. */
  readonly textVersions: number
  /** Size of the file of which 4 KiB are edited. */
  readonly largeMegabytes: number
  readonly seals: number
  readonly leaves: number
  readonly versionsOfOneFile: number
  /** The app is looked at with a history of so many changes in so many files. */
  readonly appFiles: number
  readonly appChanges: number
  /** Times that a screen of the app is shown; their median counts. */
  readonly shows: number
  readonly scrollSeconds: number
  /** Files that differ in the tree that is put back. */
  readonly restored: number
  /** Folders with real files that are imported: those that there are. */
  readonly realFolders: readonly string[]
}

const MiB = 1024 * 1024

export const full: Scale = {
  repeats: 3,
  bigRepeats: 3,
  tree: 10_000,
  created: 10_000,
  saves: 2_000,
  smallWrites: 50_000,
  bigBytes: 1024 * MiB,
  randomWrites: 32_768,
  importFiles: 8_000,
  importBytes: 130 * MiB,
  trackedFew: 10,
  trackedMany: 50_000,
  editsOfOneFile: 2_000,
  edits: 31,
  walked: 100_000,
  waiting: 100_000,
  textVersions: 1_000,
  largeMegabytes: 10 * 1024,
  seals: 100_000,
  leaves: 1_000_000,
  versionsOfOneFile: 10_000,
  appFiles: 50_000,
  appChanges: 100_000,
  shows: 7,
  scrollSeconds: 40,
  restored: 100,
  realFolders: ['/usr/include', join(homedir(), '.cargo/registry/src'), 'node_modules'],
}

export const quick: Scale = {
  repeats: 1,
  bigRepeats: 1,
  tree: 2_000,
  created: 2_000,
  saves: 400,
  smallWrites: 10_000,
  bigBytes: 128 * MiB,
  randomWrites: 4_096,
  importFiles: 1_600,
  importBytes: 26 * MiB,
  trackedFew: 10,
  trackedMany: 5_000,
  editsOfOneFile: 100,
  edits: 11,
  walked: 10_000,
  waiting: 10_000,
  textVersions: 30,
  largeMegabytes: 256,
  seals: 2_000,
  leaves: 100_000,
  versionsOfOneFile: 1_000,
  appFiles: 500,
  appChanges: 2_000,
  shows: 3,
  scrollSeconds: 8,
  restored: 20,
  realFolders: ['/usr/include'],
}
