import { z } from 'zod'
import { base64, cursor, entryKind, fileType, historyChange, projectPath, timestamp, versionFacts } from './schemas.ts'

/** What is answered to questions about history: comparisons, restores, searches. See schemas.ts. */
export const fileDiff = z.object({
  path: projectPath,
  /** Null: the file was not there. */
  from: versionFacts.nullable(),
  to: versionFacts.nullable(),
  change: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('same') }),
    /** The content of one of the two was forgotten. */
    z.object({ kind: z.literal('forgotten') }),
    /** Unified hunks, without file header. `cut`: lines shown in part, and lines left out, of a bounded one. */
    z.object({
      kind: z.literal('text'),
      hunks: base64,
      cut: z.object({ lines: z.number().int(), more: z.number().int() }).nullable(),
    }),
    z.object({ kind: z.literal('binary'), fromSize: z.number(), toSize: z.number() }),
    /** One of the two was pruned; why, in one sentence. */
    z.object({ kind: z.literal('pruned'), message: z.string() }),
  ]),
})

export const diffResult = z.object({
  files: z.array(fileDiff),
  /** Files that differ beyond those told here. */
  more: z.number().int(),
})

export const fileStat = z.object({
  path: projectPath,
  /** Where it was at the earlier time; null: not there. */
  from: projectPath.nullable(),
  type: fileType,
  action: entryKind,
  /** Lines; null: not compared line by line. */
  added: z.number().int().nullable(),
  removed: z.number().int().nullable(),
})

export const statResult = z.object({
  files: z.array(fileStat),
  counts: z.record(entryKind, z.number().int()),
  next: projectPath.nullable(),
})

const touchedPaths = z.object({
  count: z.number().int(),
  /** The first of them. */
  paths: z.array(projectPath),
})

/** What a restore does, or would do. */
const restoreEffects = z.object({ created: touchedPaths, overwritten: touchedPaths, removed: touchedPaths })

export const restoreProgress = z.object({ done: z.number().int(), total: z.number().int() })
export const restoreResult = z.object({
  path: projectPath,
  restored: versionFacts,
  /** The version that the restore made; null: it was already as it should be. */
  now: versionFacts.nullable(),
  /** The version that was there before; null: none was. */
  before: versionFacts.nullable(),
  type: fileType,
  /** Hash of the change before the restore: restoring the path to it undoes this. */
  undo: z.string().nullable(),
  steps: z.number().int(),
  effects: restoreEffects,
  /** What was done. */
  sentence: z.string(),
})

const forgottenVersion = versionFacts.extend({ size: z.number() })
export const forgetProgress = z.object({ step: z.enum(['log', 'check', 'pijul', 'store', 'search']) })
export const forgetResult = z.object({
  /** Versions of the file whose content goes. */
  goes: z.array(forgottenVersion),
  /** Other versions, of it or of other files, with one of these contents: it goes from them, too. */
  also: z.array(forgottenVersion),
  /** Versions that were asked for and stay: a file has their content now. */
  stays: z.array(forgottenVersion.extend({ heldBy: projectPath })),
  /** Versions that were asked for and were forgotten before. */
  already: z.number().int(),
  contents: z.number().int(),
  /** Of the contents, as plain files. */
  bytes: z.number(),
  /** Where copies may be that are not touched. */
  warnings: z.array(z.string()),
  /** False: it was only asked what would go. */
  done: z.boolean(),
})

export const undoResult = z.object({
  /** The first change of the restore that was taken back. */
  undone: z.object({ hash: z.string(), time: timestamp }),
  steps: z.number().int(),
  effects: restoreEffects,
  sentence: z.string(),
})

export const findResult = z.object({
  names: z.array(
    z.object({
      /** Where it is now, or was last. */
      path: projectPath,
      type: fileType,
      /** Whether it is there now. */
      present: z.boolean(),
      version: z.number().int(),
      time: timestamp,
    }),
  ),
  changes: z.array(historyChange),
  programs: z.array(z.object({ name: z.string(), versions: z.number().int(), time: timestamp })),
})

export const searchResult = z.object({
  hits: z.array(
    z.object({
      /** The version that brought the text, and the last one of those after it that have it. */
      from: versionFacts,
      to: versionFacts,
      /** No later version is without it. */
      still: z.boolean(),
      /** In `to`: number of the line, from 1, and what is around the text there. */
      line: z.number().int(),
      context: z.string(),
    }),
  ),
  next: cursor.nullable(),
  /** False: the setting history.search turns it off. */
  on: z.boolean(),
  /** The newest changes that were not searched yet. */
  behind: z.number().int(),
  /** Texts older than this were let go of (history.search-limit); null: all are searched. */
  coveredFrom: timestamp.nullable(),
  /** The index was damaged. It is made anew from the contents, which `behind` tells of. */
  damaged: z.boolean(),
})
