import { readdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { IzeError } from '../../src-preload/ize-error.ts'
import type { EngineLink } from './engine-link.ts'
import { readEngineLog } from './engine-log.ts'
import { copyPlainFiles, plainFiles } from './plain-files.ts'
import type { Settings } from './settings.ts'
import type { AppHandlers } from './window-session.ts'

type Common = Pick<
  AppHandlers,
  | 'app.engineState'
  | 'app.restartEngine'
  | 'app.engineLog'
  | 'app.plainFiles'
  | 'app.copyPlainFiles'
  | 'app.settings'
  | 'app.changeSettings'
  | 'app.listFolders'
>

/** What is answered alike wherever the window is shown. */
export function commonHandlers(engine: EngineLink, settings: Settings): Common {
  return {
    'app.engineState': async () => engine.state,
    'app.restartEngine': async () => {
      await engine.start()
      return {}
    },
    'app.engineLog': () => readEngineLog(),
    'app.plainFiles': async () => ({ projects: await plainFiles() }),
    'app.copyPlainFiles': ({ project, into }) => copyPlainFiles(project, into),
    'app.settings': async () => settings.current,
    'app.changeSettings': (part) => settings.change(dropAbsent(part)),
    'app.listFolders': async ({ folder }) => {
      const at = resolve(folder)
      const found = await readdir(at, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
        throw new IzeError('E_FOLDER_UNREADABLE', `${at} cannot be read: ${error.message}.`, { folder: at })
      })
      const folders = found.filter((one) => one.isDirectory()).map(({ name }) => name)
      return { folder: at, parent: at === '/' ? null : dirname(at), folders: folders.sort() }
    },
  }
}

/** Keys whose value is `undefined` are as good as absent. */
function dropAbsent<T extends object>(part: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as never
}
