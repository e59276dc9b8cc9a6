import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { HistoryIndex, type RecordedChange } from './history-index.ts'

/** Changes taken in by one transaction. */
const LOT = 256

/**
 * Makes the index anew from all changes of the channel, oldest first. The index must not be open for writing; readers
 * notice the new file with their next question. Returns how many changes it holds.
 */
export async function rebuildIndex(
  file: string,
  changes: AsyncIterable<RecordedChange>,
  signal?: AbortSignal,
): Promise<number> {
  const fresh = `${file}.new`
  removeDatabase(fresh)
  try {
    const count = await fill(fresh, changes, signal)
    replace(file, fresh)
    return count
  } catch (error) {
    removeDatabase(fresh)
    throw error
  }
}

async function fill(file: string, changes: AsyncIterable<RecordedChange>, signal?: AbortSignal): Promise<number> {
  const index = HistoryIndex.open(file)
  let count = 0
  try {
    let lot: RecordedChange[] = []
    for await (const change of changes) {
      signal?.throwIfAborted()
      lot.push(change)
      count++
      if (lot.length < LOT) continue
      index.append(lot)
      lot = []
    }
    index.append(lot)
    index.seal()
  } finally {
    index.close()
  }
  return count
}

/**
 * The old database goes first, with its write-ahead log, which must never meet another file's pages. A crash before the
 * rename leaves no index, which is one to be rebuilt; after it, the new one, whole and flushed.
 */
function replace(file: string, fresh: string): void {
  sync(fresh)
  removeDatabase(file)
  renameSync(fresh, file)
  sync(dirname(file))
}

function removeDatabase(file: string): void {
  for (const part of ['', '-wal', '-shm']) rmSync(file + part, { force: true })
}

function sync(path: string): void {
  const fd = openSync(path, 'r')
  fsyncSync(fd)
  closeSync(fd)
}
