import { z } from 'zod'
import * as answers from './answer-schemas.ts'
import type { Method } from './method.ts'
import * as schema from './schemas.ts'
import * as view from './view-schemas.ts'

const project = schema.projectName
const done = z.strictObject({})

/** What can be asked of a project's history and of the contents in it: a part of contract.ts. */
export const historyMethods = {
  /** Which of these paths the project has or ever had. */
  'history.locate': {
    params: z.strictObject({ project, paths: z.array(schema.projectPath).max(100) }),
    result: z.strictObject({ known: z.array(z.boolean()) }),
  },
  /** One row for each path a change touched, newest first; `path` narrows to it and, for a directory, all below it. */
  'history.entries': {
    params: z.strictObject({
      project,
      path: schema.projectPath.optional(),
      filter: schema.entryFilter.optional(),
      ...schema.page,
    }),
    result: z.strictObject({ entries: z.array(schema.historyEntry), next: schema.cursor.nullable() }),
  },
  /** One row for each change, newest first. */
  'history.changes': {
    params: z.strictObject({ project, filter: schema.changeFilter.optional(), ...schema.page }),
    result: z.strictObject({ changes: z.array(schema.historyChange), next: schema.cursor.nullable() }),
  },
  /** Changes of one program within seconds as one row, newest first; `before`: moments that began before that change. */
  'history.moments': {
    params: z.strictObject({
      project,
      path: schema.projectPath.optional(),
      filter: schema.entryFilter.optional(),
      /** Only those that were named by hand. */
      named: z.boolean().optional(),
      ...schema.page,
    }),
    result: view.momentsResult,
  },
  /** How many changes there were in each of `buckets` equal parts of a time. */
  'history.density': {
    params: z.strictObject({
      project,
      path: schema.projectPath.optional(),
      since: schema.timestamp,
      until: schema.timestamp,
      buckets: z.number().int().min(1).max(1000),
    }),
    result: view.densityResult,
  },
  /** What went (and is still gone) and what changed since a time, the newest first, folders that went whole as one. */
  'history.recent': {
    params: z.strictObject({ project, since: schema.timestamp, limit: schema.page.limit }),
    result: view.recentResult,
  },
  /**
   * Takes back what the changes from `first` to `last` did. Paths that were changed since stay as they are, unless
   * `choices` says otherwise: `back` puts the earlier version there, `both` puts it beside.
   */
  'history.undoMoment': {
    params: z.strictObject({
      project,
      first: z.number().int().min(1),
      last: z.number().int().min(1),
      choices: z
        .array(z.strictObject({ path: schema.projectPath, choice: z.enum(['keep', 'back', 'both']) }))
        .optional(),
      dryRun: z.boolean().optional(),
    }),
    result: view.undoMomentResult,
    progress: answers.restoreProgress,
    long: true,
  },
  /**
   * Puts lines of an earlier version in place of those that became of them, in the file as it is now. Lines count from
   * 1; `fromCount` lines of `from` at `fromLine` became `toCount` lines of `to` at `toLine`. Where their surroundings are
   * others now it is a conflict; asked again with a `choice`, the part that the conflict showed becomes what it `wanted`
   * (`back`), or keeps what is there and has the lines behind it (`both`), unless the file is not the version `now` any more.
   */
  'history.restoreLines': {
    params: z.strictObject({
      project,
      path: schema.projectPath,
      from: schema.versionName,
      to: schema.versionName.optional(),
      fromLine: z.number().int().min(0),
      fromCount: z.number().int().min(0),
      toLine: z.number().int().min(0),
      toCount: z.number().int().min(0),
      choice: z.strictObject({ take: z.enum(['back', 'both']), now: z.number().int() }).optional(),
    }),
    result: view.restoreLinesResult,
    long: true,
  },
  /** Writes a version of a file or folder into an existing folder, beside what is there; never over it. */
  'history.copyOut': {
    params: z.strictObject({
      project,
      path: schema.projectPath,
      version: schema.versionName.optional(),
      folder: schema.absolutePath,
    }),
    result: z.object({ written: schema.absolutePath, incomplete: schema.exportResult.shape.incomplete }),
    progress: schema.exportProgress,
    long: true,
  },
  /**
   * What there was below a folder, in the order of names' bytes, each folder before what is in it; of a file that file.
   * `version` absent: now. `deep`: also what is in the folders below. `after`: `next` of the page before.
   */
  'history.tree': {
    params: z.strictObject({
      project,
      path: schema.projectPath.optional(),
      version: schema.versionName.optional(),
      deep: z.boolean(),
      after: schema.projectPath.optional(),
      limit: schema.page.limit,
    }),
    result: z.strictObject({ entries: z.array(schema.treeEntry), next: schema.projectPath.nullable() }),
  },
  /** Names, messages and programs that hold a text, whatever its case; `path` narrows names to what is below it. */
  'history.find': {
    params: z.strictObject({
      project,
      text: z.string().min(1),
      path: schema.projectPath.optional(),
      limit: schema.page.limit,
    }),
    result: answers.findResult,
  },
  /**
   * In which versions the contents held a text, whatever its case: one row for each run of versions of a file, those that
   * began last first. `wait`: until all that is recorded can be searched; else what lags is told in `behind`.
   */
  'history.search': {
    params: z.strictObject({
      project,
      text: z.string().min(1),
      path: schema.projectPath.optional(),
      since: schema.timestamp.optional(),
      until: schema.timestamp.optional(),
      wait: z.boolean().optional(),
      ...schema.page,
    }),
    result: answers.searchResult,
    long: true,
  },
  /**
   * Which programs hold the file, or something in the folder, open in the mount: what is not saved there could overwrite
   * what is put back. Of an unmounted project none does; programs of other users may not be seen.
   */
  'history.holders': {
    params: z.strictObject({ project, path: schema.projectPath }),
    result: view.holdersResult,
  },
  /** Begins to read one version of a file; `read` until `end`, then `close`. Ends with the connection too. */
  'content.open': {
    params: z.strictObject({ project, path: schema.projectPath, version: schema.versionName.optional() }),
    result: schema.contentInfo,
  },
  /** The next piece; with `at`, the piece that begins with that byte. */
  'content.read': {
    params: z.strictObject({ content: z.number().int(), at: z.number().int().min(0).optional() }),
    result: z.strictObject({ bytes: schema.base64, end: z.boolean() }),
  },
  'content.close': { params: z.strictObject({ content: z.number().int() }), result: done },
  /**
   * `from` absent: the version before `to`. `to` absent: the newest. An answer tells some files and how many `more` there
   * are; the next one goes on `after` the path of its last. `bounded`: no more of each than a window can show, and soon.
   */
  'history.diff': {
    params: z.strictObject({
      ...schema.comparison,
      context: z.number().int().min(0).max(1000).optional(),
      ignoreWhiteSpace: z.boolean().optional(),
      bounded: z.boolean().optional(),
    }),
    result: answers.diffResult,
  },
  /** What became of each path between two versions, in pages; `counts` are those of all pages. */
  'history.stat': {
    params: z.strictObject({ ...schema.comparison, limit: schema.page.limit }),
    result: answers.statResult,
  },
  /**
   * Puts a version back as a new version. `exact`: in a folder, what was not there then is removed too. `dryRun`: only says
   * what it would do.
   */
  'history.restore': {
    params: z.strictObject({
      project,
      path: schema.projectPath,
      version: schema.versionName,
      exact: z.boolean().optional(),
      dryRun: z.boolean().optional(),
    }),
    result: answers.restoreResult,
    progress: answers.restoreProgress,
    long: true,
  },
  /** Takes the last restore back, which is a restore itself: another one takes that back. */
  'history.undo': {
    params: z.strictObject({ project, dryRun: z.boolean().optional() }),
    result: answers.undoResult,
    progress: answers.restoreProgress,
    long: true,
  },
  /**
   * Lets go of old versions for good. `keep` (rules as those of the setting retention.keep) and `limit` (bytes of the store, 0
   * for none) stand for the settings, this time. `dryRun`: only says what would go.
   */
  'history.prune': {
    params: z.strictObject({
      project,
      dryRun: z.boolean().optional(),
      keep: z.string().optional(),
      limit: z.number().int().min(0).optional(),
    }),
    result: schema.pruneResult,
    progress: schema.packProgress,
    long: true,
  },

  /**
   * Takes the contents of versions of a file out of log, store, Pijul and search for good; `versions` absent: of all but what
   * files have now, which always stays. `dryRun`: only says what would go.
   */
  'history.forget': {
    params: z.strictObject({
      project,
      path: schema.projectPath,
      versions: z.array(schema.versionName).min(1).max(1000).optional(),
      dryRun: z.boolean().optional(),
    }),
    result: answers.forgetResult,
    progress: answers.forgetProgress,
    long: true,
  },
} as const satisfies Record<string, Method>
