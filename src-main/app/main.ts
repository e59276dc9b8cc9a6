import { app, BrowserWindow, dialog } from 'electron'
import { join } from 'node:path'
import { EngineLink } from '../window/engine-link.ts'
import { appHandlers } from './handlers.ts'
import { Windows } from './ipc.ts'
import { registerPageScheme, servePages } from './pages.ts'
import { Settings } from './settings.ts'
import { openWindow } from './window.ts'

registerPageScheme()

if (app.requestSingleInstanceLock()) {
  void app.whenReady().then(run).catch(failToStart)
  app.on('second-instance', () => showWindow())
} else {
  app.quit()
}

async function run(): Promise<void> {
  servePages(join(__dirname, 'renderer'))
  const engine = new EngineLink()
  const windows = new Windows()
  const settings = await Settings.open(join(app.getPath('userData'), 'settings.json'), (now) =>
    windows.tell('app.settingsChanged', now),
  )
  windows.serve(engine, appHandlers(engine, settings))
  openWindow(__dirname)
  engine.start().catch(() => undefined)
  app.on('window-all-closed', () => {
    engine.close()
    app.quit()
  })
}

function showWindow(): void {
  const [window] = BrowserWindow.getAllWindows()
  if (window?.isMinimized()) window.restore()
  window?.focus()
}

function failToStart(error: unknown): void {
  dialog.showErrorBox('Ize cannot start', error instanceof Error ? error.message : String(error))
  app.exit(1)
}
