import { z } from 'zod'
import * as answers from './answer-schemas.ts'
import * as schema from './schemas.ts'

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
  'projects.status': { params: z.strictObject({ project }), result: schema.projectStatus },
  /** Resolves when all that was done before is in history. */
  'projects.flush': { params: z.strictObject({ project }), result: schema.projectStatus, long: true },
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
  'projects.gc': { params: z.strictObject({ project }), result: schema.gcResult, long: true },
  /** Makes Pijul's part of history one change that holds the tree of now; everything of history stays. */
  'projects.fold': { params: z.strictObject({ project }), result: schema.foldResult, long: true },
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
  /** Begins to read one version of a file; `read` in order until `end`, then `close`. Ends with the connection too. */
  'content.open': {
    params: z.strictObject({ project, path: schema.projectPath, version: schema.versionName.optional() }),
    result: schema.contentInfo,
  },
  'content.read': {
    params: z.strictObject({ content: z.number().int() }),
    result: z.strictObject({ bytes: schema.base64, end: z.boolean() }),
  },
  'content.close': { params: z.strictObject({ content: z.number().int() }), result: done },
  /**
   * `from` absent: the version before `to`. `to` absent: the newest. An answer tells some files and how many `more` there
   * are; the next one goes on `after` the path of its last.
   */
  'history.diff': {
    params: z.strictObject({ ...schema.comparison, context: z.number().int().min(0).max(1000).optional() }),
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
