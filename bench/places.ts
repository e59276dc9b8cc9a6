import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BenchEngine, BenchProject } from './engine.ts'
import type { PlaceName } from './figure.ts'
import { run } from './processes.ts'

/** An empty folder to work in, of one of the three kinds; gone after `dispose`. */
export interface Place {
  readonly name: PlaceName
  readonly folder: string
  /** Until nothing of the work done here is left to do; seconds until it was in history, where there is one. */
  settle(): Promise<number | null>
  dispose(): Promise<void>
}

let serial = 0

export async function openPlace(name: PlaceName, directory: string, engine: BenchEngine): Promise<Place> {
  switch (name) {
    case 'ext4':
      return plain(directory)
    case 'bindfs':
      return bindfs(directory)
    case 'ize':
      return ize(await engine.create())
  }
}

async function plain(directory: string): Promise<Place> {
  const folder = await newFolder(directory, 'plain')
  return { name: 'ext4', folder, settle: async () => null, dispose: () => removeTree(folder) }
}

/** As Debian has it, with its own defaults. */
async function bindfs(directory: string): Promise<Place> {
  const below = await newFolder(directory, 'below')
  const folder = await newFolder(directory, 'bindfs')
  await run('bindfs', [below, folder])
  mounted.add(folder)
  return {
    name: 'bindfs',
    folder,
    settle: async () => null,
    dispose: async () => {
      await unmountBindfs(folder)
      await removeTree(below)
    },
  }
}

async function ize(project: BenchProject): Promise<Place> {
  await project.mount()
  return { name: 'ize', folder: project.point, settle: () => project.settle(), dispose: () => project.remove() }
}

const mounted = new Set<string>()

/** What an error or a signal left mounted. */
export async function unmountAll(): Promise<void> {
  for (const folder of mounted) await unmountBindfs(folder)
}

async function unmountBindfs(folder: string): Promise<void> {
  await run('fusermount3', ['-u', folder]).catch(() => run('fusermount3', ['-u', '-z', folder]))
  mounted.delete(folder)
}

async function newFolder(directory: string, kind: string): Promise<string> {
  const folder = join(directory, `${kind}-${++serial}`)
  await mkdir(folder)
  return folder
}

function removeTree(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true })
}
