import { BrowserWindow } from 'electron'
import { join } from 'node:path'
import { PAGE_ORIGIN } from './pages.ts'
import { rememberedPlace, rememberPlace } from './window-place.ts'

interface WindowFiles {
  /** Directory of the bundles. */
  readonly out: string
  /** Where the window's place is kept. */
  readonly place: string
  readonly icon: string
}

/** Opens a window on a route, shown once it has something to show. It stays on our pages, and opens no other. */
export function openWindow({ out, place: file, icon }: WindowFiles, route: string): BrowserWindow {
  const place = rememberedPlace(file)
  const window = new BrowserWindow({
    ...(place ?? { width: 1280, height: 800 }),
    minWidth: 420,
    minHeight: 360,
    show: false,
    title: 'Ize',
    icon,
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(out, 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      spellcheck: false,
    },
  })
  if (place?.maximized) window.maximize()
  rememberPlace(window, file)
  window.once('ready-to-show', () => window.show())
  const { webContents } = window
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
  webContents.on('will-navigate', (event) => event.preventDefault())
  webContents.on('will-attach-webview', (event) => event.preventDefault())
  webContents.session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  void window.loadURL(`${PAGE_ORIGIN}/index.html#${route}`)
  return window
}
