import { BrowserWindow } from 'electron'
import { join } from 'node:path'
import { PAGE_ORIGIN } from './pages.ts'

/** Opens a window on the given route, shown once it has something to show. */
export function openWindow(out: string, route = '/'): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 480,
    minHeight: 400,
    show: false,
    title: 'Ize',
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(out, 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => window.show())
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
  window.webContents.on('will-navigate', (event) => event.preventDefault())
  window.webContents.session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  void window.loadURL(`${PAGE_ORIGIN}/index.html#${route}`)
  return window
}
