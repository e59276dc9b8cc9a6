import { z } from 'zod'
import { historyMethods } from './history-contract.ts'
import * as schema from './schemas.ts'
import type { Method } from './method.ts'
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
  /** Moves that original into a folder on the same disk; from then on it is the user's. */
  'projects.moveBeforeIze': {
    params: z.strictObject({ project, into: schema.absolutePath }),
    result: z.object({ moved: schema.absolutePath }),
    long: true,
  },
  /** What programs put at the mount point while the project was not mounted. */
  'projects.found': { params: z.strictObject({ project }), result: view.foundResult, long: true },
  /**
   * Takes one of the folders that `projects.found` tells of into the mounted project, as new files: nothing is written over,
   * a name that is taken gets another beside it. The originals stay, under another name. Doing it again does what is missing.
   */
  'projects.adopt': {
    params: z.strictObject({ project, folder: schema.absolutePath }),
    result: view.adoptResult,
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

  ...historyMethods,

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
  /** History of the project has grown, or parts of it went: everything up to this change is in it. */
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
