import type { z } from 'zod'

/** One thing that can be asked: see contract.ts. */
export interface Method {
  readonly params: z.ZodType
  readonly result: z.ZodType
  readonly progress?: z.ZodType
  readonly long?: boolean
}
