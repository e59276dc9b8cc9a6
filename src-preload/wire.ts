import { z } from 'zod'
import { IzeError } from './ize-error.ts'

/**
 * How the contract travels over JSON-RPC: a request's one parameter is an envelope with the method's own parameters and,
 * when the caller wants to hear of its progress, a token that names it. An error carries its code and data in `data`.
 */
export const envelope = z.object({
  params: z.unknown(),
  progress: z.union([z.number(), z.string()]).optional(),
})

/** JSON-RPC's number for "the server says no"; ours are in `data.code`. */
export const REFUSED = -32000

const errorData = z.object({ code: z.string(), data: z.record(z.string(), z.unknown()) })

/** What a failed request said, as an error of its own code; null when it is not one that the engine threw. */
export function toIzeError(message: string, data: unknown): IzeError | null {
  const parsed = errorData.safeParse(data)
  return parsed.success ? new IzeError(parsed.data.code, message, parsed.data.data) : null
}

/** `value` if it fits, else a complaint that names the place. Errors: E_ARGUMENT. */
export function checked<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const why = result.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`).join('; ')
  throw new IzeError('E_ARGUMENT', `${what} is not as agreed: ${why}.`)
}
