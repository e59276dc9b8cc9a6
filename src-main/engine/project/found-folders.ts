import type { Dirent } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { NOTE } from './mount-point.ts'
import { allMounts } from './mounts.ts'

/** What programs put at a mount point while nothing was mounted there, moved beside it by the mount after that. */
export interface FoundFolder {
  readonly folder: string
  /** When it was moved (ms since 1970), and that time as its name (mount-point.ts) has it. */
  readonly since: number
  readonly stamp: string
  readonly files: number
  readonly bytes: number
  /** Some of what is in it: bytes as latin1. */
  readonly names: readonly string[]
}

/** Names that are told of each. */
const NAMED = 5
/** More than this is not counted: it is told that there are at least so many. */
const COUNTED = 100_000

/** The folders beside a mount point that mounts have left there, the oldest first. */
export async function foundFolders(mountPoint: string): Promise<readonly FoundFolder[]> {
  const beside = dirname(mountPoint)
  const prefix = `${basename(mountPoint)} (found `
  const found: FoundFolder[] = []
  for (const entry of await readdir(beside, { withFileTypes: true }).catch((): Dirent[] => [])) {
    const stamp = /^(\d{4}-\d\d-\d\d) (\d\d)\.(\d\d)\.(\d\d)\)$/.exec(entry.name.slice(prefix.length))
    if (!entry.isDirectory() || !entry.name.startsWith(prefix) || !stamp) continue
    const [, day = '', hour = '', minute = '', second = ''] = stamp
    const folder = join(beside, entry.name)
    const { files, bytes } = await counted(Buffer.from(folder))
    const names = await namesIn(folder)
    const since = Date.parse(`${day}T${hour}:${minute}:${second}Z`)
    found.push({ folder, since, stamp: stamp[0].slice(0, -1), files, bytes, names: names.slice(0, NAMED) })
  }
  return found.sort((a, b) => a.since - b.since)
}

/** What lies at a mount point where nothing is mounted: bytes as latin1. A folder that Ize never guarded is the user's. */
export async function waitingNames(mountPoint: string): Promise<readonly string[]> {
  if ((await allMounts()).some(({ path }) => path === mountPoint)) return []
  const names = await namesIn(mountPoint)
  return names.includes(NOTE) ? names.filter((name) => name !== NOTE) : []
}

async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, 'buffer').catch((): Buffer[] => [])
  return names.map((name) => name.toString('latin1')).sort()
}

async function counted(folder: Buffer): Promise<{ files: number; bytes: number }> {
  const total = { files: 0, bytes: 0 }
  const waiting = [folder]
  for (let at = waiting.pop(); at !== undefined && total.files < COUNTED; at = waiting.pop()) {
    for (const name of await readdir(at, 'buffer').catch((): Buffer[] => [])) {
      const path = Buffer.concat([at, Buffer.from('/'), name])
      const stats = await lstat(path).catch(() => null)
      if (stats?.isDirectory()) waiting.push(path)
      else if (stats) {
        total.files++
        total.bytes += stats.isFile() ? stats.size : 0
      }
    }
  }
  return total
}
