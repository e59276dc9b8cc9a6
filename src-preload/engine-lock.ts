import { z } from 'zod'

/** What `engine.lock` in the central directory says: JSON, one line, version 1. Empty: no engine, or one that starts. */
export const engineLock = z.object({
  format: z.literal(1),
  pid: z.number().int(),
  version: z.string(),
  socket: z.string(),
})

export type EngineLockFile = z.infer<typeof engineLock>
