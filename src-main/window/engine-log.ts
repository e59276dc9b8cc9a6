import { open } from 'node:fs/promises'
import { engineLog } from '../client/engine-process.ts'
import { centralDirectoryPath } from '../engine/config/locations.ts'

const LAST_BYTES = 64 * 1024

/** The end of the engine's log; empty when there is none. */
export async function readEngineLog(): Promise<{ path: string; text: string }> {
  const path = engineLog(await centralDirectoryPath())
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (!file) return { path, text: '' }
  try {
    const { size } = await file.stat()
    const length = Math.min(size, LAST_BYTES)
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length)
    return { path, text: buffer.toString() }
  } finally {
    await file.close()
  }
}
