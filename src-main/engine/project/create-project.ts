import { randomUUID } from 'node:crypto'
import { readdir, realpath, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { configFiles, readConfig } from '../config/config.ts'
import type { Config } from '../config/schema.ts'
import { IzeError } from '../ize-error.ts'
import { bundleFile } from '../sys/bundle.ts'
import { syncDirectory } from '../sys/durable-write.ts'
import { removeTree } from '../sys/remove-tree.ts'
import { isLeftover, stagingFolder } from './central-directory.ts'
import { Cancelled } from './import-errors.ts'
import type { ImportMessage, ImportProgress, ImportReport, ImportRequest } from './import-types.ts'
import type { ImportWorkerData } from './import-worker.ts'
import { izeMounts, within } from './mounts.ts'
import { readProjectFile, type ProjectRecord } from './project-file.ts'
import type { Registry } from './registry.ts'

export interface CreateOptions {
  readonly name: string
  /** Folder to import, absolute; null: an empty project. */
  readonly from: string | null
  readonly progress?: (progress: ImportProgress) => void
  readonly signal?: AbortSignal
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
      uuid: randomUUID(),
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

/** The resolved folder, when it may be read by the engine: not under a mount of Ize's own, nor around one. */
async function checkSource(from: string, central: string): Promise<string> {
  const mounts = await izeMounts()
  const refuseMounted = (path: string): void => {
    const mount = mounts.find(({ path: at }) => within(path, at) || within(at, path))
    if (mount)
      throw new IzeError(
        'E_UNDER_MOUNT',
        `"${path}" ${within(path, mount.path) ? 'lies in' : 'holds'} the mounted project at ${mount.path}. Unmount that first, or import a copy.`,
        { path, mount: mount.path },
      )
  }
  // Before anything below it is touched: the engine must not wait for its own mount.
  refuseMounted(resolve(from))
  const source = await realpath(from).catch(() => null)
  if (source === null || !(await stat(source)).isDirectory()) {
    throw new IzeError(
      'E_SOURCE_MISSING',
      `"${from}" ${source === null ? 'does not exist or may not be read' : 'is not a folder'}; name a folder to import.`,
      { path: from },
    )
  }
  refuseMounted(source)
  const inner = await realpath(central)
  if (within(source, inner) || within(inner, source)) {
    throw new IzeError(
      'E_SOURCE_CENTRAL',
      `"${source}" ${within(source, inner) ? 'lies in' : 'holds'} the central directory ${central}, where Ize keeps its projects; it cannot be imported.`,
      { path: source },
    )
  }
  return source
}

async function runImport(request: ImportRequest, { progress, signal }: CreateOptions): Promise<ImportReport> {
  if (signal?.aborted) throw new Cancelled()
  const data: ImportWorkerData = { request, cancel: new Int32Array(new SharedArrayBuffer(4)) }
  const worker = new Worker(bundleFile('import-worker'), { workerData: data, name: 'import' })
  const cancel = () => void Atomics.store(data.cancel, 0, 1)
  signal?.addEventListener('abort', cancel)
  try {
    return await new Promise<ImportReport>((done, failed) => {
      worker.on('message', (message: ImportMessage) => {
        if (message.type === 'progress') progress?.(message.progress)
        else if (message.type === 'done') done(message.report)
        else failed(new IzeError(message.code, message.message, message.data))
      })
      worker.on('error', failed)
      worker.on('exit', () => failed(new Error('The import ended without a word.')))
    })
  } finally {
    signal?.removeEventListener('abort', cancel)
    // It has closed what it opened; only then may its folder be removed.
    await worker.terminate()
  }
}
