import { z } from 'zod'

/**
 * What a Pijul change carries in its metadata: everything of the history that Pijul itself cannot hold, so that the
 * index can be made anew from the repository alone. JSON; paths and targets are latin1 strings (one char per byte).
 */
export const fileTypes = ['file', 'directory', 'symlink', 'special'] as const
export const entryKinds = ['create', 'edit', 'delete', 'rename', 'attributes'] as const
/** A `seal` is made by hand, and has no entries. */
export const changeKinds = ['import', ...entryKinds, 'restore', 'several', 'seal'] as const

export const programSchema = z.object({
  /** The kernel's name for it (comm). */
  name: z.string(),
  pid: z.number(),
  /** Start time in clock ticks since boot; with the pid it is one process. */
  start: z.number(),
  executable: z.string().optional(),
  command: z.array(z.string()).optional(),
  directory: z.string().optional(),
})

const time = z.tuple([z.number(), z.number()])

export const entrySchema = z.object({
  kind: z.enum(entryKinds),
  type: z.enum(fileTypes),
  /** In the tree after the change; of a deletion, in the tree before it. */
  path: z.string(),
  /** Where it was in the tree before the change, for a rename. */
  from: z.string().optional(),
  ino: z.number(),
  /** Permission bits, owner, mtime after the change; absent for a deletion. */
  mode: z.number().optional(),
  uid: z.number().optional(),
  gid: z.number().optional(),
  mtime: time.optional(),
  size: z.number().optional(),
  /** Address of the content, for a file that is not deleted. */
  object: z.string().optional(),
  /** Whether Pijul holds the content itself (else a pointer). */
  text: z.boolean().optional(),
  target: z.string().optional(),
  /** st_mode type bits and device of a special file. */
  special: z.tuple([z.number(), z.number()]).optional(),
  /** Values in base64. */
  xattrs: z.record(z.string(), z.string()).optional(),
  /** Index into `programs`; absent: unknown program. */
  program: z.number().optional(),
  /** First and last operation that made this entry. */
  operations: time,
})

export const changeMetadataSchema = z.object({
  version: z.literal(1),
  kind: z.enum(changeKinds),
  /** First and last operation the change covers; everything up to `last` is recorded once this change is. */
  first: z.number(),
  last: z.number(),
  /** Seconds and nanoseconds of the last operation. */
  time,
  programs: z.array(programSchema),
  /** `Name <address>`; absent in changes of before there were seals. */
  author: z.string().optional(),
  entries: z.array(entrySchema),
  /** For a restore: what was put back. For a seal: its message. */
  note: z.string().optional(),
})

export type Program = z.infer<typeof programSchema>
export type ChangeEntry = z.infer<typeof entrySchema>
export type ChangeMetadata = z.infer<typeof changeMetadataSchema>
export type ChangeKind = (typeof changeKinds)[number]
export type EntryKind = (typeof entryKinds)[number]
export type FileType = (typeof fileTypes)[number]
