import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Everything in the log reaches the disk. */
export async function syncLog(dirty: string): Promise<void> {
  const names = (await readdir(dirty)).filter((name) => name.endsWith('.oplog'))
  for (const name of [...names, '.']) {
    const file = await open(join(dirty, name), 'r').catch(() => null)
    try {
      await file?.sync()
    } finally {
      await file?.close()
    }
  }
}
