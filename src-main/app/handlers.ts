import { app, BrowserWindow, clipboard, dialog, shell } from 'electron'
import { readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { packageVersion } from '../../src-preload/build-version.ts'
import { IzeError } from '../../src-preload/ize-error.ts'
import { textToPath } from '../../src-preload/path-text.ts'
import type { EngineLink } from '../window/engine-link.ts'
import { readEngineLog } from '../window/engine-log.ts'
import type { AppHandlers } from '../window/window-session.ts'
import type { Settings } from './settings.ts'

/** What the main process does for a window. */
export function appHandlers(engine: EngineLink, settings: Settings): AppHandlers {
  return {
    'app.info': async () => ({
      version: packageVersion,
      host: 'electron',
      electron: process.versions.electron ?? null,
      tray: false,
      home: homedir(),
    }),
    'app.engineState': async () => engine.state,
    'app.restartEngine': async () => {
      await engine.start()
      return {}
    },
    'app.engineLog': () => readEngineLog(),
    'app.settings': async () => settings.current,
    'app.changeSettings': (part) => settings.change(dropAbsent(part)),
    'app.chooseFolder': async ({ title, button, at }) => {
      const options: Electron.OpenDialogOptions = {
        title,
        buttonLabel: button,
        properties: ['openDirectory', 'createDirectory', 'showHiddenFiles'],
        ...(at === undefined ? {} : { defaultPath: at }),
      }
      const window = BrowserWindow.getFocusedWindow()
      const chosen = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options))
      return { folder: chosen.filePaths[0] ?? null }
    },
    'app.listFolders': async ({ folder }) => {
      const at = resolve(folder)
      const found = await readdir(at, { withFileTypes: true })
      const folders = found.filter((one) => one.isDirectory()).map(({ name }) => name)
      return { folder: at, parent: at === '/' ? null : dirname(at), folders: folders.sort() }
    },
    'app.openFolder': async ({ project, path }) => {
      const status = await engine.request('projects.status', { project })
      if (!status.mounted || status.mountPoint === null)
        throw new IzeError('E_NOT_MOUNTED', `${status.name} is not mounted.`, { project })
      if (path === undefined || path === '') await shell.openPath(status.mountPoint)
      else shell.showItemInFolder(join(status.mountPoint, Buffer.from(textToPath(path), 'latin1').toString()))
      return {}
    },
    'app.openVersion': async () => {
      throw new IzeError('E_INTERNAL', 'not built yet')
    },
    'app.dragVersion': async () => {
      throw new IzeError('E_INTERNAL', 'not built yet')
    },
    'app.copyText': async ({ text }) => {
      clipboard.writeText(text)
      return {}
    },
    'app.integrations': async () => ({ integrations: [] }),
    'app.setIntegration': async () => ({ integrations: [] }),
    'app.quit': async () => {
      app.quit()
      return {}
    },
  }
}

/** Keys whose value is `undefined` are as good as absent. */
function dropAbsent<T extends object>(part: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as never
}
