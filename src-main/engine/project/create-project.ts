import { randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { configFiles, readConfig } from '../config/config.ts'
import type { Config } from '../config/schema.ts'
import { syncDirectory } from '../sys/durable-write.ts'
import { removeTree } from '../sys/remove-tree.ts'
import { isLeftover, stagingFolder } from './central-directory.ts'
import { checkSource } from './check-source.ts'
import { Cancelled } from './import-errors.ts'
import type { ImportProgress, ImportReport, ImportRequest } from './import-types.ts'
import { readProjectFile, type ProjectRecord } from './project-file.ts'
import type { Registry } from './registry.ts'
import { inThread } from './thread-work.ts'

export interface CreateOptions {
  readonly name: string
  /** Folder to import, absolute; null: an empty project. */
  readonly from: string | null
  readonly progress?: (progress: ImportProgress) => void
  readonly signal?: AbortSignal
  /** Absent: one is made. */
  readonly uuid?: string | undefined
}

export interface CreatedProject {
  readonly project: ProjectRecord
  readonly report: ImportReport
}

/**
 * `ize init`: makes a project, whole or not at all. Errors: E_NAME_INVALID, E_NAME_TAKEN, E_SOURCE_MISSING,
 * E_SOURCE_CENTRAL, E_UNDER_MOUNT, E_SPACE, E_IMPORT_READ, E_IMPORT, E_CANCELLED, those of the settings.
 */
export async function createProject(registry: Registry, options: CreateOptions): Promise<CreatedProject> {
  const release = await registry.reserve(options.name)
  try {
    const { central } = registry
    const source = options.from === null ? null : await checkSource(options.from, central.path)
    const config = await readConfig(configFiles(central.path))
    const request: ImportRequest = {
      projects: central.projects,
      uuid: options.uuid ?? randomUUID(),
      name: options.name,
      created: new Date().toISOString().replace('Z', '000000Z'),
      source,
      patterns: config.ignore,
      textLimit: config['history.text-limit'],
      author: authorOf(config),
    }
    try {
      const report = await runImport(request, options)
      return { project: await readProjectFile(join(central.projects, request.uuid)), report }
    } catch (error) {
      await removeTree(stagingFolder(central.projects, request.uuid))
      throw error
    }
  } finally {
    release()
  }
}

/** Removes what an engine that died left of imports and removals. For the start of the engine, before any import. */
export async function sweepLeftovers(projects: string): Promise<void> {
  const leftovers = (await readdir(projects)).filter(isLeftover)
  for (const name of leftovers) await removeTree(join(projects, name))
  if (leftovers.length > 0) await syncDirectory(projects)
}

/** `Name <address>`, of the settings, else of the login. */
export function authorOf(config: Config): string {
  const name = config['user.name'] || loginName()
  return config['user.email'] ? `${name} <${config['user.email']}>` : name
}

/** A user number without an account (in a container, say) stands for itself. */
function loginName(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? 0}`
  }
}

async function runImport(request: ImportRequest, { progress, signal }: CreateOptions): Promise<ImportReport> {
  if (signal?.aborted) throw new Cancelled()
  return inThread<ImportRequest, ImportProgress, ImportReport>('import-worker', request, { signal, progress })
}
