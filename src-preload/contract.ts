import { z } from 'zod'
import * as answers from './answer-schemas.ts'
import * as schema from './schemas.ts'
import * as view from './view-schemas.ts'

/**
 * The one list of what the engine can be asked (methods) and what it tells by itself (events). The socket, the windows
 * and the command line all derive from it; both ends check every payload against these schemas.
 *
 * Each method has `params`, `result`, and for work that takes long `progress`, whose values are sent while it runs.
 * `long` methods may be cancelled and hold off a handover to another version.
 */
/** Raised when a client and an engine of the two versions cannot understand each other at all. */
export const PROTOCOL = 1

interface Method {
  readonly params: z.ZodType
  readonly result: z.ZodType
  readonly progress?: z.ZodType
  readonly long?: boolean
}

const project = schema.projectName
const done = z.strictObject({})

export const methods = {
  'engine.info': { params: done, result: schema.engineInfo },
  /** Ends the engine; mounts are ended with it and come back when it is next started. */
  'engine.stop': { params: done, result: done },
  /** Ends the engine for one of another version. Refused with E_ENGINE_BUSY while long work runs. */
  'engine.handover': { params: z.strictObject({ version: z.string() }), result: done },
  /** From now on events come over this connection; the result is where they start from. */
  'engine.subscribe': { params: done, result: schema.projectsSnapshot },

  'projects.list': { params: done, result: schema.projectsSnapshot },
  'projects.init': {
    params: z.strictObject({ name: z.string(), from: schema.absolutePath.optional() }),
    result: schema.initResult,
    progress: schema.initProgress,
    long: true,
  },
  /** Takes the project and its whole history away. */
  'projects.remove': { params: z.strictObject({ project }), result: done, long: true },
  /**
   * Makes a project of a folder and mounts it in its place; the folder becomes `{name}.before-ize`. What was written into it
   * meanwhile is brought in too, as a change of its own.
   */
  'projects.initInPlace': {
    params: z.strictObject({ name: z.string(), from: schema.absolutePath }),
    result: view.inPlaceResult,
    progress: schema.initProgress,
    long: true,
  },
  /** The original that is kept of a project that took its place; it is looked through, and compared. */
  'projects.beforeIze': { params: z.strictObject({ project }), result: view.beforeIze, long: true },
  /** Removes that original. Refused with E_BEFORE_CHANGED when something in it was changed since it was imported. */
  'projects.removeBeforeIze': {
    params: z.strictObject({ project }),
    result: z.object({ removed: schema.absolutePath }),
    long: true,
  },
  /**
   * Turns the project back into a plain folder at its mount point, which is compared byte for byte before the project and
   * its history are removed.
   */
  'projects.stopRemembering': {
    params: z.strictObject({ project }),
    result: view.plainFolder,
    progress: schema.exportProgress,
    long: true,
  },
  'projects.status': { params: z.strictObject({ project }), result: view.liveStatus },
  /** Resolves when all that was done before is in history. */
  'projects.flush': { params: z.strictObject({ project }), result: view.liveStatus, long: true },
  /** `mountPoint` absent: where it was mounted last. */
  'projects.mount': {
    params: z.strictObject({ project, mountPoint: schema.absolutePath.optional() }),
    result: schema.mountResult,
  },
  'projects.unmount': {
    params: z.strictObject({ project, force: z.boolean(), lazy: z.boolean() }),
    result: z.strictObject({ mountPoint: schema.absolutePath }),
  },
  /** What the project takes on the disk, and the files whose versions have most in them. */
  'projects.size': {
    params: z.strictObject({ project, limit: z.number().int().min(1).max(1000) }),
    result: schema.sizeResult,
  },
  /** Packs the store anew, beside whatever goes on: what nothing leads to goes, the rest is compressed harder. */
  'projects.gc': {
    params: z.strictObject({ project }),
    result: schema.gcResult,
    progress: schema.packProgress,
    long: true,
  },
  /** What `projects.init` from the folder would take in. */
  'projects.preview': {
    params: z.strictObject({ from: schema.absolutePath }),
    result: view.previewResult,
    progress: view.previewProgress,
    long: true,
  },
  'projects.rename': { params: z.strictObject({ project, name: z.string() }), result: schema.projectSummary },
  /** What waits to come into history, the oldest first. */
  'projects.pending': {
    params: z.strictObject({ project, limit: schema.page.limit }),
    result: view.pendingResult,
  },
  /** History waits for so long, or until `projects.resume`; log and working files go on. */
  'projects.pause': {
    params: z.strictObject({ project, seconds: z.number().int().min(1).max(86_400) }),
    result: view.liveStatus,
  },
  'projects.resume': { params: z.strictObject({ project }), result: view.liveStatus },
  /** Writes the project, or what is at `path`, as it is now or was at `version`, into a new or empty folder. */
  'projects.export': {
    params: z.strictObject({
      project,
      folder: schema.absolutePath,
      path: schema.projectPath.optional(),
      version: schema.versionName.optional(),
    }),
    result: schema.exportResult,
    progress: schema.exportProgress,
    long: true,
  },

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
   * 1; `fromCount` lines of `from` at `fromLine` became `toCount` lines of `to` at `toLine`.
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

  /** Brings everything into history and seals it, by a change of its own. */
  'seals.make': { params: z.strictObject({ project, message: z.string() }), result: schema.sealResult, long: true },

  /**
   * Checks the whole history, or what came after the version `since`; against earlier roots, that this history continues
   * theirs. Reads only, beside whatever goes on.
   */
  'seals.verify': {
    params: z.strictObject({
      project,
      since: schema.versionName.optional(),
      roots: z.array(schema.earlierRoot).max(100_000),
    }),
    result: schema.verifyResult,
    progress: schema.verifyProgress,
    long: true,
  },
  /** The root over all seals, signed by the user's key (made with its first use). */
  'seals.root': { params: z.strictObject({ project }), result: schema.signedRoot },
  /** Text of a proof that the file is in a seal; `leaves`: to the root over so many seals, all if absent. */
  'seals.prove': {
    params: z.strictObject({
      project,
      path: schema.projectPath,
      version: schema.versionName.optional(),
      leaves: z.number().int().min(1).optional(),
    }),
    result: z.strictObject({ proof: z.string() }),
  },

  'tags.list': { params: z.strictObject({ project }), result: z.strictObject({ tags: z.array(schema.tag) }) },
  /** `version` absent: the newest, once everything is in history. With a message, the tag is annotated. */
  'tags.make': {
    params: z.strictObject({
      project,
      name: z.string(),
      version: schema.versionName.optional(),
      message: z.string().optional(),
      force: z.boolean(),
    }),
    result: schema.tag,
    long: true,
  },
  'tags.delete': { params: z.strictObject({ project, name: z.string() }), result: done },

  'config.list': { params: schema.configScope, result: z.strictObject({ settings: z.array(schema.setting) }) },
  'config.get': { params: schema.configScope.extend({ key: z.string() }), result: schema.setting },
  'config.set': {
    params: schema.configTarget.extend({ key: z.string(), value: z.string() }),
    result: schema.setting,
  },
  'config.unset': { params: schema.configTarget.extend({ key: z.string() }), result: schema.setting },

  /** `fix`: also mend what can be mended without loss. `rebuildIndex`: make the indexes anew, whatever their state. */
  'doctor.run': {
    params: z.strictObject({ project: project.optional(), fix: z.boolean(), rebuildIndex: z.boolean().optional() }),
    result: z.strictObject({ findings: z.array(schema.finding) }),
    long: true,
  },
} as const satisfies Record<string, Method>

/** What the engine tells subscribed clients. A snapshot replaces all that was known; its `revision` only grows. */
export const events = {
  projects: schema.projectsSnapshot,
  /** History of the project has grown: everything up to this change is in it. */
  history: z.strictObject({
    project: schema.projectSummary.pick({ id: true, name: true }),
    revision: z.number().int(),
    changes: z.number().int(),
  }),
  /** What waits and how far history is, of a project that is open; a few times a second while it changes. */
  status: view.liveStatus,
  problem: z.strictObject({ project: schema.projectSummary.pick({ id: true, name: true }), message: z.string() }),
} as const

export type MethodName = keyof typeof methods
export type Params<M extends MethodName> = z.infer<(typeof methods)[M]['params']>
export type Result<M extends MethodName> = z.infer<(typeof methods)[M]['result']>
export type Progress<M extends MethodName> = (typeof methods)[M] extends { progress: infer P extends z.ZodType }
  ? z.infer<P>
  : never
export type EventName = keyof typeof events
export type EventPayload<E extends EventName> = z.infer<(typeof events)[E]>

export function isLong(name: MethodName): boolean {
  const method: Method = methods[name]
  return method.long ?? false
}

/** The schema of a method's progress; null when it tells none. */
export function progressOf(name: MethodName): z.ZodType | null {
  const method: Method = methods[name]
  return method.progress ?? null
}
