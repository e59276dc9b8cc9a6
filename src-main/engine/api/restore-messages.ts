import { z } from 'zod'
import type { RestoreStep } from '../project/session.ts'

/**
 * What the engine and the restore process say to each other: JSON lines on the process's standard input and output.
 * Input: one head, then one step per line in the order they are to be done. Output: `done` a few times a second, and
 * `failed` as the last line when it did not get through.
 */
export const restoreHead = z.object({
  mountPoint: z.string(),
  objects: z.string(),
  /** gitignore patterns of what has no history: its only copy must not be removed. */
  unversioned: z.array(z.string()),
})

const time = z.tuple([z.number(), z.number()])
const owner = { path: z.string(), uid: z.number(), gid: z.number(), mtime: time }
const xattrs = z.record(z.string(), z.string())

export const restoreStep: z.ZodType<RestoreStep> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), ...owner, object: z.string(), mode: z.number(), xattrs }),
  z.object({ kind: z.literal('bytes'), ...owner, content: z.base64(), mode: z.number(), xattrs }),
  z.object({ kind: z.literal('directory'), ...owner, mode: z.number(), xattrs }),
  z.object({ kind: z.literal('symlink'), ...owner, target: z.string() }),
  z.object({ kind: z.literal('special'), ...owner, mode: z.number(), rdev: z.number() }),
  z.object({ kind: z.literal('remove'), path: z.string() }),
])

export const restoreReport = z.discriminatedUnion('type', [
  z.object({ type: z.literal('done'), done: z.number().int() }),
  z.object({ type: z.literal('failed'), done: z.number().int(), code: z.string(), message: z.string() }),
])

export type RestoreHead = z.infer<typeof restoreHead>
export type RestoreReport = z.infer<typeof restoreReport>
