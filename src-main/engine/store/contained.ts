import { IzeError } from '../ize-error.ts'
import type { ObjectStore } from './object-store.ts'

/** Contents looked at between two breaths of the thread. */
const LOT = 256

/**
 * Which of the contents `parts` are a part of another content that stays: by the part, one that has it. A file that is a
 * piece of another one, cut where the other was, is such a part, and stays with it. Reads the lists of all `contents`; those
 * that are not there have none. Errors: E_CANCELLED; those of the store.
 */
export async function containedIn(
  store: ObjectStore,
  contents: Iterable<string>,
  parts: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  const seen = new Set<string>()
  let looked = 0
  const look = (address: string, content: string): void => {
    for (const below of store.children(address)) {
      if (parts.has(below)) found.set(below, content)
      if (seen.has(below)) continue
      seen.add(below)
      look(below, content)
    }
  }
  for (const content of contents) {
    if (!parts.has(content) && store.has(content)) look(content, content)
    if (++looked % LOT !== 0) continue
    await new Promise((done) => setImmediate(done))
    if (signal?.aborted) throw new IzeError('E_CANCELLED', 'It was cancelled; nothing was forgotten.')
  }
  return found
}
