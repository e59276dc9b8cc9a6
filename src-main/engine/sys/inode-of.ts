import { lstat } from 'node:fs/promises'

/** The inode of what has this name; null: nothing has it, or what is mounted there has lost its engine. */
export async function inodeOf(path: string): Promise<number | null> {
  const stats = await lstat(path).catch(() => null)
  return stats?.ino ?? null
}
