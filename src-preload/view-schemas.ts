import { z } from 'zod'
import {
  absolutePath,
  entryKind,
  fileType,
  historyKind,
  importCounts,
  initResult,
  projectPath,
  projectStatus,
  timestamp,
} from './schemas.ts'

/** What the windows ask for beyond the command line. See schemas.ts. */

/** What one program did in one batch, or in several within seconds: one row of the history. */
export const moment = z.object({
  /** Numbers of its first and last change; they name it. */
  first: z.number().int(),
  last: z.number().int(),
  /** When its first and its last change were made. */
  from: timestamp,
  time: timestamp,
  kind: historyKind,
  /** Hash of the change before it, null for the first of all: how everything was *before*. */
  before: z.string().nullable(),
  /** Hash of its last change: how everything was *after*. */
  after: z.string(),
  programs: z.array(z.string()),
  /** Command line of the program, where one program did it. */
  command: z.array(z.string()).nullable(),
  /** How many paths it touched, and how many of them it removed. */
  count: z.number().int(),
  removed: z.number().int(),
  /** How many of both are folders. */
  folders: z.number().int(),
  removedFolders: z.number().int(),
  /** The first of the paths; with a filter some of those it fits. */
  paths: z.array(z.object({ path: projectPath, action: entryKind, from: projectPath.nullable() })),
  note: z.string().nullable(),
  /** Names given by hand: tags, and messages of `ize seal`. */
  names: z.array(z.string()),
})

export const momentsResult = z.object({ moments: z.array(moment), next: z.number().int().nullable() })

/** Changes in equal parts of a time, oldest first. */
export const densityResult = z.object({
  buckets: z.array(z.object({ changes: z.number().int(), removed: z.number().int() })),
  /** When history begins and what is newest in it; null: it is empty. */
  first: timestamp.nullable(),
  last: timestamp.nullable(),
})

/** One thing that is gone, or that changed lately; a folder that went whole is one. */
export const recentThing = z.object({
  path: projectPath,
  type: fileType,
  action: entryKind,
  /** Files below a folder; 1 for a file. */
  files: z.number().int(),
  program: z.string().nullable(),
  time: timestamp,
  change: z.number().int(),
  /** Version to restore: hash of the change before what happened; null: there was nothing before. */
  before: z.string().nullable(),
  /** Versions of it since the beginning of the time asked about. */
  versions: z.number().int(),
})

export const recentResult = z.object({ removed: z.array(recentThing), changed: z.array(recentThing) })

/** What taking a moment back does to one path; `choose`: it was changed since. */
export const momentPath = z.object({
  path: projectPath,
  action: entryKind,
  state: z.enum(['back', 'same', 'choose']),
  /** Why there is something to choose. */
  why: z.string().nullable(),
})

export const undoMomentResult = z.object({
  paths: z.array(momentPath),
  /** Paths beyond those told. */
  more: z.number().int(),
  restored: z.number().int(),
  kept: z.number().int(),
  sentence: z.string(),
})

/** Lines of a version put back into the file as it is now. */
export const restoreLinesResult = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), sentence: z.string() }),
  /** Its surroundings changed: what was, what is, and what would be; nothing was written. */
  z.object({
    kind: z.literal('conflict'),
    base: z.string(),
    now: z.string(),
    wanted: z.string(),
    /** The first lines of these parts, from 1: in the version compared, and in the file as it is now. */
    baseLine: z.number().int(),
    nowLine: z.number().int(),
    /** Number of the version that the file is now. */
    version: z.number().int(),
  }),
])

/** Programs that hold a file open. */
export const holdersResult = z.object({
  holders: z.array(z.object({ program: z.string(), pid: z.number().int() })),
})

export const previewProgress = z.object({ files: z.number().int(), bytes: z.number() })
/** What an import of a folder would take in; nothing is written. */
export const previewResult = z.object({
  /** A name for the project that is free. */
  name: z.string(),
  /** The folder, with symbolic links followed. */
  folder: absolutePath,
  ...importCounts.shape,
  needed: z.number(),
  free: z.number(),
  unversioned: z.array(projectPath),
  /** Very large files, the largest first. */
  large: z.array(z.object({ path: projectPath, bytes: z.number() })),
  /** Files that look like keys or passwords, and why. */
  secrets: z.array(z.object({ path: projectPath, why: z.string() })),
  /** Why it cannot be taken in; null: it can. */
  refused: z.object({ code: z.string(), message: z.string() }).nullable(),
})

export const inPlaceResult = initResult.extend({
  mountPoint: absolutePath,
  /** Where the original is kept. */
  before: absolutePath,
})

export const beforeIze = z.object({
  before: z
    .object({
      folder: absolutePath,
      since: timestamp,
      /** `same`: nothing in it was changed since all of it was in the project; `gone`: it is not there any more. */
      state: z.enum(['same', 'changed', 'gone']),
      files: z.number().int(),
      bytes: z.number(),
      /** Some of what was changed, and how many paths more. */
      changed: z.array(projectPath),
      more: z.number().int(),
    })
    .nullable(),
})

/** Names as they lie in the folder; `names`: some of them. */
export const foundResult = z.object({
  /** What mounts have moved beside the mount point, the oldest first. */
  found: z.array(
    z.object({
      folder: absolutePath,
      since: timestamp,
      files: z.number().int(),
      bytes: z.number(),
      names: z.array(z.string()),
    }),
  ),
  /** What lies at the mount point now, while nothing is mounted; the next mount moves it beside. */
  waiting: z.object({ folder: absolutePath, names: z.array(z.string()), more: z.number().int() }).nullable(),
})

export const adoptResult = z.object({
  /** Files and folders (with all in them) that are new in the project. */
  taken: z.number().int(),
  /** Files that it had just so. */
  same: z.number().int(),
  /** Whose name it had for something else, and where they are. */
  renamed: z.array(z.object({ path: projectPath, as: projectPath })),
  /** Where the originals are kept. */
  moved: absolutePath,
})

/** A plain folder that a project has become. */
export const plainFolder = importCounts.extend({ folder: absolutePath })

/** An operation that is saved and not in history yet. */
export const pendingOperation = z.object({
  id: z.number().int(),
  /** As the log names it; `open`: the newest of a file that waits for the program that has it open for writing. */
  kind: z.string(),
  path: projectPath,
  bytes: z.number(),
  time: timestamp,
  program: z.string().nullable(),
})

/** A project as it is at this moment; a later `revision` replaces an earlier one. */
export const liveStatus = projectStatus.extend({
  revision: z.number().int(),
  /** Newest operation that is in the log. */
  savedUpTo: timestamp.nullable(),
  /** While history waits on request, until when. */
  pausedUntil: timestamp.nullable(),
  /** Operations a second, in and recorded. */
  rate: z.object({ saved: z.number(), recorded: z.number() }),
})

export const pendingResult = z.object({
  status: liveStatus,
  operations: z.array(pendingOperation),
  /** Operations beyond those told. */
  more: z.number().int(),
})
