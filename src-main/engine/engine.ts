import { join } from 'node:path'
import type { Logger } from 'pino'
import { EngineLock } from './api/engine-lock.ts'
import { EngineServer } from './api/engine-server.ts'
import type { EngineServices } from './api/services.ts'
import { socketPath } from './api/socket-path.ts'
import {
  configFiles,
  getConfig,
  listConfig,
  readConfig,
  setConfig,
  unsetConfig,
  type ConfigFiles,
} from './config/config.ts'
import { defaultIgnore } from './config/schema.ts'
import { HistoryClient } from './history/history-client.ts'
import { forgetBeforeIze, readBeforeIze, removeBeforeIze, writeBeforeIze } from './project/before-ize.ts'
import { checkInPlace } from './project/check-in-place.ts'
import type { Original, OriginalRequest } from './project/compare-original.ts'
import { openCentralDirectory, type CentralDirectory } from './project/central-directory.ts'
import { completeExport } from './project/complete-export.ts'
import { createProject, sweepLeftovers } from './project/create-project.ts'
import { runDoctor } from './project/doctor.ts'
import { Journal } from './project/journal.ts'
import { projectLayout } from './project/layout.ts'
import { openSession } from './project/live-session.ts'
import { verifyProject } from './project/verify-project.ts'
import { MountPoints } from './project/mount-point.ts'
import type { CopyCounts } from './project/plain-copy.ts'
import type { PlainFolder, PlainFolderRequest } from './project/plain-folder.ts'
import { previewImport } from './project/preview-import.ts'
import type { ProjectRecord } from './project/project-file.ts'
import { Registry } from './project/registry.ts'
import { removeProject } from './project/remove-project.ts'
import { inThread } from './project/thread-work.ts'
import { raiseFileLimit } from './sys/native.ts'

/**
 *     client -> socket -> methods -> session -> mount thread -> operation log -> recorder thread -> working/, objects, Pijul
 *                            `-> history worker <- index.db <------------------------'
 *
 * The one file that wires the parts of the engine; each is handed what it needs.
 */
export interface EngineOptions {
  readonly centralDirectory: string
  readonly version: string
  readonly log: Logger
  /** It does not end by itself when nobody needs it. */
  readonly stay: boolean
  /** Called once, when the engine is to end: by a client's wish or because nobody needs it. The caller closes it. */
  readonly onStop: (why: string) => void
}

const OPEN_FILES = 65_536

export class Engine {
  private constructor(
    private readonly lock: EngineLock,
    private readonly server: EngineServer,
  ) {}

  /** Errors: E_CENTRAL_DIR, E_ENGINE_RUNNING, E_SOCKET_UNSAFE, those of the settings. */
  static async start({ centralDirectory, version, log, stay, onStop }: EngineOptions): Promise<Engine> {
    raiseFileLimit(OPEN_FILES)
    const central = await openCentralDirectory(centralDirectory)
    const lock = EngineLock.take(central.lock)
    try {
      // Under the lock only: an import of a living engine has such leftovers too.
      await sweepLeftovers(central.projects)
      const settings = await readConfig(configFiles(central.path))
      const socket = socketPath(central.path)
      const server = await EngineServer.start({
        services: services(central),
        log,
        version,
        centralDirectory: central.path,
        socket,
        logFile: join(central.path, 'engine.log'),
        idleMs: stay ? null : settings['engine.idle-seconds'] * 1000,
        upkeepSeconds: settings['upkeep.idle-seconds'],
        onStop,
      })
      // Last: who reads this can connect.
      lock.describe({ format: 1, pid: process.pid, version, socket })
      log.info({ version, socket, centralDirectory: central.path }, 'the engine listens')
      return new Engine(lock, server)
    } catch (error) {
      lock.release()
      throw error
    }
  }

  /** Logs synced, mounts ended, nothing drained. The lock goes last: the next engine finds everything closed. */
  async close(): Promise<void> {
    await this.server.close()
    this.lock.release()
  }
}

function services(central: CentralDirectory): EngineServices {
  const registry = new Registry(central)
  const files = (project: ProjectRecord | null): ConfigFiles =>
    configFiles(central.path, project ? projectLayout(project.root).projectToml : undefined)
  return {
    registry,
    projects: {
      init: (name, from, progress, signal, uuid) => createProject(registry, { name, from, progress, signal, uuid }),
      preview: (from, progress, signal) => previewImport(registry, from, { progress, signal }),
      writePlain: ({ root }, folder, progress, signal) =>
        inThread<PlainFolderRequest, CopyCounts, PlainFolder>(
          'plain-folder-worker',
          { working: projectLayout(root).working, folder },
          { progress, signal },
        ),
      checkInPlace: (from) => checkInPlace(from, central.path),
      compareOriginal: (project, original, began, signal) =>
        inThread<OriginalRequest, never, Original>(
          'original-worker',
          { original, working: project && projectLayout(project.root).working, began },
          { signal },
        ),
      before: { read: readBeforeIze, write: writeBeforeIze, remove: removeBeforeIze, forget: forgetBeforeIze },
      remove: (project) => removeProject(central, project),
      completeExport: async (project, folder, progress, signal) => {
        const { ignore: patterns } = await readConfig(files(project))
        return completeExport({ root: project.root, folder, patterns, progress, signal })
      },
      unversioned: async (project) => [...defaultIgnore, ...(await readConfig(files(project))).ignore],
    },
    mountPoints: new MountPoints(central),
    journal: new Journal(central.path),
    history: new HistoryClient(),
    openSession: async (project) => openSession({ root: project.root, name: project.name }),
    config: {
      list: (project) => listConfig(files(project)),
      get: (project, key) => getConfig(files(project), key),
      set: (project, level, key, value) => setConfig(files(project), level, key, value),
      unset: (project, level, key) => unsetConfig(files(project), level, key),
    },
    verify: (project, options) => verifyProject({ root: project.root, uuid: project.uuid, ...options }),
    doctor: (project, options) => runDoctor({ central, registry, project, ...options }),
  }
}
