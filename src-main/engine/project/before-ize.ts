import { readFile, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { durableWrite, syncDirectory } from '../sys/durable-write.ts'
import { removeTree } from '../sys/remove-tree.ts'
import { projectLayout } from './layout.ts'
import type { ProjectRecord } from './project-file.ts'

const beforeIze = z.object({
  format: z.literal(1),
  /** Where the original of a project that took its place is kept. */
  folder: z.string(),
  /** Since when (ms since 1970). */
  since: z.number(),
  /** Its state when all of it was in the project (compare-original.ts). */
  state: z.string(),
})

export type BeforeIze = z.infer<typeof beforeIze>

const fileOf = ({ root }: ProjectRecord): string => join(projectLayout(root).meta, 'before-ize.json')

/** Null: the project took no folder's place, or its original was removed. */
export async function readBeforeIze(project: ProjectRecord): Promise<BeforeIze | null> {
  try {
    return beforeIze.parse(JSON.parse(await readFile(fileOf(project), 'utf8')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

export async function writeBeforeIze(project: ProjectRecord, before: BeforeIze): Promise<void> {
  await durableWrite(fileOf(project), `${JSON.stringify(before, null, 2)}\n`)
}

/** The folder first: ended in between, what is left of it counts as changed and is not removed again by itself. */
export async function removeBeforeIze(project: ProjectRecord, before: BeforeIze): Promise<void> {
  await removeTree(before.folder)
  await syncDirectory(dirname(before.folder))
  await forgetBeforeIze(project)
}

/** Nothing is known of an original any more; it is left alone. */
export async function forgetBeforeIze(project: ProjectRecord): Promise<void> {
  await unlink(fileOf(project))
}
