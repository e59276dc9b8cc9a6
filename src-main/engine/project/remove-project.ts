import { rename } from 'node:fs/promises'
import { syncDirectory } from '../sys/durable-write.ts'
import { removeTree } from '../sys/remove-tree.ts'
import { removedFolder, type CentralDirectory } from './central-directory.ts'
import type { ProjectRecord } from './project-file.ts'

/**
 * Deletes a project that is not open, with its whole history. Errors: those of the disk.
 *
 * It loses its name first: a crash from then on leaves a leftover, which the next start sweeps, and never half a project.
 */
export async function removeProject(central: CentralDirectory, project: ProjectRecord): Promise<void> {
  const removed = removedFolder(central.projects, project.uuid)
  await rename(project.root, removed)
  await syncDirectory(central.projects)
  await removeTree(removed)
}
