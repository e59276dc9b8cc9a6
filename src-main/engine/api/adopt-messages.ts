import { z } from 'zod'
import { adoptStep } from '../project/adopt-steps.ts'

/** What the engine and the process that brings files into a mounted project say to each other: one JSON object each way. */
const place = { from: z.string(), mountPoint: z.string() }

export const adoptWish = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('steps'), ...place, steps: z.array(adoptStep) }),
  /** `label` tells names apart that are taken. */
  z.object({ kind: z.literal('found'), ...place, label: z.string() }),
])
export type AdoptWish = z.infer<typeof adoptWish>

export const stepsDone = z.object({ left: z.array(z.string()) })
export const adopted = z.object({
  taken: z.number().int(),
  same: z.number().int(),
  renamed: z.array(z.object({ path: z.string(), as: z.string() })),
})
export const failed = z.object({ failed: z.object({ code: z.string(), message: z.string() }) })
