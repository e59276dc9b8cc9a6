import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { Bridge, HostMessage } from './bridge.ts'
import { FROM_HOST, FROM_WINDOW } from './channels.ts'

/** Electron before 29 gave a dropped file its path itself. */
const pathOf = (file: File): string =>
  // Absent in older runtimes, whatever the types say.
  (webUtils as typeof webUtils | undefined)?.getPathForFile(file) ?? (file as File & { path?: string }).path ?? ''

const bridge: Bridge = {
  send: (message) => ipcRenderer.send(FROM_WINDOW, message),
  listen: (listener) => {
    ipcRenderer.on(FROM_HOST, (_event, message: HostMessage) => listener(message))
  },
  pathOf,
}

contextBridge.exposeInMainWorld('ize', bridge)
