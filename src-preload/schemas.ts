import { z } from 'zod'

/**
 * The shapes of contract.ts. They are also what `--json` prints: times are RFC 3339 in UTC with nanoseconds, hashes
 * whole, sizes in bytes, durations in milliseconds, and paths the text of path-text.ts.
 */
export const timestamp = z.string().regex(/^-?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
export const base64 = z.string()
/** Path below the project's root, without slashes at its ends; empty is the root. */
export const projectPath = z.string()
export const absolutePath = z.string().startsWith('/')
/** Name of a project, or its uuid. */
export const projectName = z.string().min(1)
/**
 * Number, time (`timestamp`: the newest change at or before it), any part of the name of a seal, a tag, hash, or an
 * unambiguous beginning of a hash. Other ways to write a time are read where the user's time zone is known (time-text.ts).
 */
export const versionName = z.string().min(1)
/** Where the next page of a list begins. */
export const cursor = z.number().int()
export const page = { before: cursor.optional(), limit: z.number().int().min(1).max(1000) }

export const fileType = z.enum(['file', 'directory', 'symlink', 'special'])
/** What happened to one path. */
export const entryKind = z.enum(['create', 'edit', 'delete', 'rename', 'attributes'])
/** What a change was. */
export const historyKind = z.enum(['import', ...entryKind.options, 'restore', 'several', 'seal'])

/** Narrows a list of changes: times included, `message` a part of it. */
export const changeFilter = z.strictObject({
  since: timestamp.optional(),
  until: timestamp.optional(),
  message: z.string().min(1).optional(),
  /** Only seals made by hand. */
  sealed: z.boolean().optional(),
})

/**
 * Narrows a list of entries. `kind` as the entries have it; `deleted`: only deletions, or only of what is still `gone`;
 * `grep`: part of the path, or with `*`, `?`, `[` a pattern for all of it or for its last names.
 */
export const entryFilter = changeFilter.omit({ sealed: true }).extend({
  program: z.string().min(1).optional(),
  kind: historyKind.optional(),
  deleted: z.enum(['all', 'gone']).optional(),
  grep: z.string().min(1).optional(),
})

/** Two versions of a path, and the path that the page before ended with. */
export const comparison = {
  project: projectName,
  path: projectPath,
  from: versionName.optional(),
  to: versionName.optional(),
  after: projectPath.optional(),
}

export const engineInfo = z.object({
  protocol: z.number().int(),
  version: z.string(),
  pid: z.number().int(),
  started: timestamp,
  centralDirectory: absolutePath,
  socket: absolutePath,
  log: absolutePath,
  mounted: z.number().int(),
  clients: z.number().int(),
  /** Resident memory of the whole engine. */
  memory: z.number().int(),
})

export const projectSummary = z.object({
  name: z.string(),
  id: z.string(),
  created: timestamp,
  /** Where it is mounted, or was last. */
  mountPoint: absolutePath.nullable(),
  mounted: z.boolean(),
  /** Why it is not as it should be, in one sentence. */
  problem: z.string().nullable(),
})

export const projectsSnapshot = z.object({ revision: z.number().int(), projects: z.array(projectSummary) })

export const projectStatus = projectSummary.extend({
  recorder: z.enum(['idle', 'recording', 'waiting', 'stopped']),
  /** Saved, and not in history yet. */
  pending: z.object({ operations: z.number().int(), bytes: z.number().int(), age: z.number() }),
  inHistoryUpTo: timestamp.nullable(),
  log: z.object({
    bytes: z.number(),
    limitBytes: z.number(),
    operations: z.number(),
    limitOperations: z.number(),
    parked: z.number(),
  }),
  /** What the engine does by itself; null: nothing. */
  upkeep: z.enum(['pruning', 'packing']).nullable(),
  /** Why what was pruned takes its room on the disk still, in one sentence; null: it does not. */
  pruneDue: z.string().nullable(),
  /** Whether past texts can be searched, and how many of the newest changes cannot be yet; null: not known at this moment. */
  search: z.object({ on: z.boolean(), behind: z.number().int().nonnegative() }).nullable(),
  /** gitignore patterns of what is served but not versioned. */
  unversioned: z.array(z.string()),
})

export const mountResult = z.object({
  mountPoint: absolutePath,
  /** What lay in the folder while nothing was mounted there, and where it is kept. */
  kept: z.string().nullable(),
})

export const importCounts = z.object({
  files: z.number().int(),
  directories: z.number().int(),
  bytes: z.number(),
})

export const initProgress = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('scan'), files: z.number().int(), bytes: z.number() }),
  /** What was found, before anything is copied. */
  z.object({
    phase: z.literal('plan'),
    ...importCounts.shape,
    needed: z.number(),
    free: z.number(),
    unversioned: z.array(projectPath),
  }),
  z.object({
    phase: z.literal('copy'),
    files: z.number().int(),
    bytes: z.number(),
    totalFiles: z.number().int(),
    totalBytes: z.number(),
  }),
  z.object({ phase: z.literal('record'), files: z.number().int(), totalFiles: z.number().int() }),
])

/** What could not be taken over as it was, and why. */
const incomplete = z.array(z.object({ path: projectPath, why: z.string() }))

export const initResult = z.object({
  project: projectSummary,
  /** Null for an empty project. */
  imported: importCounts
    .extend({
      needed: z.number(),
      free: z.number(),
      unversioned: z.array(projectPath),
      incomplete,
    })
    .nullable(),
})

const goneContents = z.object({ versions: z.number().int(), bytes: z.number() })

export const sizeResult = z.object({
  /** Bytes on the disk. */
  working: z.number(),
  log: z.number(),
  store: z.number(),
  pijul: z.number(),
  index: z.number(),
  search: z.number(),
  versions: z.number().int(),
  /** What the contents that are kept would take as plain files, each content once. */
  contents: z.number(),
  /** Versions whose contents went by a prune or on demand, and what those would take as plain files. */
  pruned: goneContents,
  forgotten: goneContents,
  largest: z.array(z.object({ path: projectPath, versions: z.number().int(), bytes: z.number() })),
})

export const foldResult = z.strictObject({
  /** Changes of Pijul that were folded now; 0: it was short already. */
  folded: z.number().int().nonnegative(),
})

export const gcResult = z.object({
  /** Bytes of the store before and after. */
  before: z.number(),
  after: z.number(),
  /** Objects in it. */
  objects: z.number().int(),
})

/** Of `plan` it is not known how far it is; `mark` counts seals, `pack` blocks. */
export const packProgress = z.object({
  phase: z.enum(['plan', 'mark', 'pack']),
  done: z.number(),
  total: z.number().nullable(),
})

export const pruneResult = z.object({
  /** Why what an earlier prune let go of takes its room still, in one sentence; null: it does not. */
  due: z.string().nullable(),
  /** By which rules, and which limit of bytes (0: none). */
  keep: z.string(),
  limit: z.number(),
  /** What goes: versions, of how many files, and their bytes as plain files, each content once. */
  versions: z.number().int(),
  files: z.number().int(),
  bytes: z.number(),
  /** About so many bytes that is on the disk. */
  disk: z.number(),
  /** Versions that stay, and when the oldest of them was written; null: there is none. */
  kept: z.number().int(),
  oldest: timestamp.nullable(),
  /** Bytes of the store before and after; null: nothing was done. */
  packed: z.object({ before: z.number(), after: z.number() }).nullable(),
  /** Changes of Pijul that became one, since they held more of what was let go of than the store has; 0: none. */
  folded: z.number().int(),
})

export const exportProgress = z.object({ files: z.number().int(), bytes: z.number() })
export const exportResult = z.object({ folder: absolutePath, ...importCounts.shape, incomplete })

export const program = z.object({ name: z.string(), pid: z.number().int(), command: z.array(z.string()).nullable() })

/** `name`: four words and eight digits; any part of it names the version. */
export const sealRef = z.object({ name: z.string(), address: z.string() })

const historyHead = {
  hash: z.string(),
  time: timestamp,
  kind: historyKind,
  /** Number of the change in the project, from 1. */
  change: z.number().int(),
  /** Null: not sealed yet. */
  seal: sealRef.nullable(),
}

export const historyEntry = z.object({
  ...historyHead,
  /** What happened to this path; differs from `kind` for an import, a restore. */
  action: entryKind,
  path: projectPath,
  from: projectPath.nullable(),
  type: fileType,
  /** Number of the version among the file's own, from 1, oldest first. */
  version: z.number().int(),
  size: z.number().nullable(),
  /** Its content was removed for good on demand. */
  forgotten: z.boolean(),
  /** Name of the program that did it; null: unknown. */
  program: z.string().nullable(),
  process: program.nullable(),
  note: z.string().nullable(),
  /** When its content was pruned; null: it was not. */
  pruned: timestamp.nullable(),
})

export const historyChange = z.object({
  ...historyHead,
  /** The first of the paths it touched. */
  paths: z.array(z.object({ path: projectPath, action: entryKind, from: projectPath.nullable() })),
  /** How many paths it touched. */
  count: z.number().int(),
  programs: z.array(z.string()),
  note: z.string().nullable(),
})

export const treeEntry = z.object({
  /** In the project. */
  path: projectPath,
  type: fileType,
  /** Number of its version. */
  version: z.number().int(),
  size: z.number().nullable(),
  /** Permission bits, owner and time; null: not known. */
  mode: z.number().int().nullable(),
  uid: z.number().int().nullable(),
  gid: z.number().int().nullable(),
  mtime: timestamp.nullable(),
  /** Of a symbolic link. */
  target: z.string().nullable(),
  /** When its content was pruned; null: it was not. */
  pruned: timestamp.nullable(),
})

export const sealResult = z.object({ seal: sealRef, change: z.number().int() })

/** A root that was kept elsewhere: over how many seals it is, and 64 hex digits; or the line of a signed one. */
export const earlierRoot = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('plain'), leaves: z.number().int().min(0), root: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.object({ kind: z.literal('signed'), line: z.string() }),
])

export const signedRoot = z.object({
  version: z.literal(1),
  project: z.string(),
  leaves: z.number().int(),
  root: z.string(),
  time: z.string(),
  key: z.string(),
  signature: z.string(),
})

export const verifyProgress = z.object({
  phase: z.enum(['objects', 'range', 'seals']),
  /** Bytes of objects; else seals. */
  done: z.number(),
  total: z.number().nullable(),
})

export const verifyResult = z.object({
  faults: z.array(
    z.object({
      what: z.enum(['object', 'range', 'seal', 'tree', 'content', 'head', 'tag', 'root', 'pruned']),
      message: z.string(),
      object: z.string().nullable(),
      change: z.number().int().nullable(),
    }),
  ),
  /** Faults beyond those told here. */
  more: z.number().int(),
  seals: z.number().int(),
  root: z.string(),
  checked: z.object({
    bytes: z.number(),
    seals: z.number().int(),
    objects: z.number().int(),
    /** Contents that are missing since they were forgotten. */
    forgotten: z.number().int(),
    tags: z.number().int(),
    roots: z.number().int(),
    /** Contents that are not there since they were pruned. */
    pruned: z.number().int(),
  }),
})

export const tag = z.object({
  name: z.string(),
  seal: sealRef,
  change: z.number().int(),
  /** Of an annotated tag: who gave it, when and why. */
  author: z.string().nullable(),
  time: timestamp.nullable(),
  message: z.string().nullable(),
})

export const versionFacts = z.object({
  hash: z.string(),
  time: timestamp,
  version: z.number().int(),
  path: projectPath,
})

export const contentInfo = versionFacts.extend({
  content: z.number().int(),
  size: z.number(),
  text: z.boolean(),
})

export const configLevel = z.enum(['system', 'user', 'central', 'project'])
export const configScope = z.strictObject({ project: projectName.optional() })
export const configTarget = configScope.extend({ level: configLevel })
export const setting = z.object({
  key: z.string(),
  value: z.json(),
  /** Null: the default. */
  origin: z.object({ level: configLevel, file: z.string(), line: z.number().int() }).nullable(),
})

export const finding = z.object({
  level: z.enum(['ok', 'note', 'warning', 'error']),
  /** Stable name of what was looked at. */
  check: z.string(),
  project: z.string().nullable(),
  message: z.string(),
  /** What to do about it. */
  advice: z.string().nullable(),
})
