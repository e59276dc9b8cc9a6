import { lstatSync, readdirSync } from 'node:fs'

const BLOCK = 512

/** As du(1) counts: blocks, and what has several names once. What goes meanwhile counts nothing. */
export function diskUsage(folder: string): number {
  return usageOf(Buffer.from(folder), new Set())
}

function usageOf(path: Buffer, seen: Set<number>): number {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (!stats) return 0
  if (stats.isDirectory()) return listed(path).reduce((sum, below) => sum + usageOf(below, seen), stats.blocks * BLOCK)
  if (stats.nlink > 1) {
    if (seen.has(stats.ino)) return 0
    seen.add(stats.ino)
  }
  return stats.blocks * BLOCK
}

function listed(folder: Buffer): Buffer[] {
  try {
    const names = readdirSync(folder, { encoding: 'buffer' })
    return names.map((name) => Buffer.concat([folder, Buffer.from('/'), name]))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

export function blocksOf(path: string): number {
  return (lstatSync(path, { throwIfNoEntry: false })?.blocks ?? 0) * BLOCK
}
