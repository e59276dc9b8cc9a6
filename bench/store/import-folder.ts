import { closeSync, openSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ContentJob, ObjectStore, StoredContent } from '../../src-main/engine/store/object-store.ts'
import { endingOf } from '../../src-main/engine/store/ending.ts'

/** As many as the recorder hands over at a time. */
const LOT = 512
const LOT_BYTES = 64 * 2 ** 20

export interface Imported {
  readonly path: string
  readonly stored: StoredContent
}

/** Stores all files below a folder, in the order of their paths; the next lot is opened while one is stored. */
export async function importFolder(store: ObjectStore, folder: string): Promise<Imported[]> {
  const imported: Imported[] = []
  let lot: { path: string; size: number }[] = []
  let bytes = 0
  let storing = Promise.resolve()
  const put = async (): Promise<void> => {
    const files = lot
    const fds = files.map(({ path }) => openSync(join(folder, path), 'r'))
    const jobs = files.map(({ path, size }, n): ContentJob => ({
      segments: Float64Array.from([fds[n] as number, 0, size]),
      hint: endingOf(path),
    }))
    lot = []
    bytes = 0
    await storing
    storing = store.putContents(jobs).then((stored) => {
      for (const fd of fds) closeSync(fd)
      stored.forEach((one, n) => imported.push({ path: files[n]?.path ?? '', stored: one }))
    })
  }
  for (const file of filesBelow(folder)) {
    lot.push(file)
    bytes += file.size
    if (lot.length >= LOT || bytes >= LOT_BYTES) await put()
  }
  if (lot.length > 0) await put()
  await storing
  await store.flush()
  return imported
}

export function* filesBelow(folder: string, within = ''): Generator<{ path: string; size: number }> {
  const entries = readdirSync(join(folder, within), { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(within, entry.name)
    if (entry.isDirectory()) yield* filesBelow(folder, path)
    else if (entry.isFile()) yield { path, size: statSync(join(folder, path)).size }
  }
}
