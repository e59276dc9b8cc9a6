import { connectBridge, listen } from '../bridge/call.ts'
import { webBridge } from '../bridge/web-bridge.ts'
import { followProjects } from './projects.ts'
import { followAddress, go, parseRoute } from './route.ts'
import { followSettings } from './settings.ts'

/** Connects the stores with what feeds them. */
export function startStores(): void {
  connectBridge(window.ize ?? webBridge())
  followAddress()
  followProjects()
  followSettings()
  listen('app.show', ({ route }) => go(parseRoute(route)))
}
