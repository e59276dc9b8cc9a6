import { readdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'

/** The last two segments and the directory reach the disk; older ones are there. A failed flush shows at the next fsync too. */
export async function syncNewest(dirty: string): Promise<void> {
  const names = readdirSync(dirty)
    .filter((name) => name.endsWith('.oplog'))
    .sort()
    .slice(-2)
  for (const name of [...names, '.']) {
    const file = await open(join(dirty, name), 'r')
    await (name === '.' ? file.sync() : file.datasync()).finally(() => file.close())
  }
}
