import { IzeError } from '../../src-preload/ize-error.ts'
import { createInterface } from 'node:readline/promises'

/** Asks on the terminal; null when there is none to ask on. */
export async function ask(question: string, signal: AbortSignal): Promise<string | null> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await reader.question(question, { signal })
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw new IzeError('E_CANCELLED', 'Nothing was done.')
    throw error
  } finally {
    reader.close()
  }
}
