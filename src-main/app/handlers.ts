import { app, BrowserWindow, clipboard, dialog, shell, type WebContents } from 'electron'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { packageVersion } from '../../src-preload/build-version.ts'
import { IzeError } from '../../src-preload/ize-error.ts'
import { textToPath } from '../../src-preload/path-text.ts'
import { commonHandlers } from '../window/common-handlers.ts'
import type { EngineLink } from '../window/engine-link.ts'
import { plainFolder } from '../window/plain-files.ts'
import { copyVersion } from '../window/version-copy.ts'
import type { AppHandlers } from '../window/window-session.ts'
import { integrations, setIntegration } from './desktop/integrations.ts'
import type { Settings } from '../window/settings.ts'

export interface AppParts {
  readonly engine: EngineLink
  readonly settings: Settings
  /** Where copies of versions are put. */
  readonly temporary: string
  readonly icon: string
  /** What starts this app. */
  readonly command: readonly string[]
  readonly tray: () => boolean
  readonly quitNow: () => void
}

/** What the main process does for the window of `sender`. */
export function appHandlers(
  { engine, settings, temporary, icon, command, tray, quitNow }: AppParts,
  sender: WebContents,
): AppHandlers {
  return {
    ...commonHandlers(engine, settings),
    'app.info': async () => ({
      version: packageVersion,
      host: 'electron',
      electron: process.versions.electron ?? null,
      tray: tray(),
      home: homedir(),
    }),
    'app.chooseFolder': async ({ title, button, at }) => {
      const options: Electron.OpenDialogOptions = {
        title,
        buttonLabel: button,
        properties: ['openDirectory', 'createDirectory', 'showHiddenFiles'],
        ...(at === undefined ? {} : { defaultPath: at }),
      }
      const window = BrowserWindow.fromWebContents(sender)
      const chosen = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options))
      return { folder: chosen.filePaths[0] ?? null }
    },
    'app.openFolder': async ({ project, path }) => {
      const status = await engine.request('projects.status', { project })
      if (!status.mounted || status.mountPoint === null)
        throw new IzeError('E_NOT_MOUNTED', `${status.name} is not mounted.`, { project })
      if (path === undefined || path === '') {
        const why = await shell.openPath(status.mountPoint)
        if (why !== '') throw new IzeError('E_OPEN_FAILED', `No file manager opened it: ${why}.`, { project })
        return {}
      }
      // The engine refuses what lies outside of the project.
      await engine.request('history.locate', { project, paths: [path] })
      shell.showItemInFolder(join(status.mountPoint, Buffer.from(textToPath(path), 'latin1').toString()))
      return {}
    },
    'app.openPlainFiles': async ({ project }) => {
      const { folder } = await plainFolder(project)
      const why = await shell.openPath(folder)
      if (why !== '') throw new IzeError('E_OPEN_FAILED', `No program opened ${folder}: ${why}.`, { path: folder })
      return {}
    },
    'app.openVersion': async (version) => {
      const why = await shell.openPath(await copyVersion(engine, temporary, version))
      if (why !== '') throw new IzeError('E_OPEN_FAILED', `No program opened it: ${why}.`, { path: version.path })
      return {}
    },
    'app.dragVersion': async (version) => {
      sender.startDrag({ file: await copyVersion(engine, temporary, version), icon })
      return {}
    },
    'app.copyText': async ({ text }) => {
      await clipboard.writeText(text)
      return {}
    },
    'app.integrations': async () => ({ integrations: await integrations() }),
    'app.setIntegration': async ({ id, on }) => ({ integrations: await setIntegration(id, on, command) }),
    'app.quit': async () => {
      app.quit()
      return {}
    },
    'app.quitNow': async () => {
      quitNow()
      return {}
    },
  }
}
