import { connectBridge, listen } from '../bridge/call.ts'
import { followProjects } from './projects.ts'
import { followAddress, go, parseRoute } from './route.ts'
import { followSettings } from './settings.ts'

/** Connects the stores with what feeds them. */
export function startStores(): void {
  if (!window.ize) throw new Error('This page has no bridge to the app.')
  connectBridge(window.ize)
  followAddress()
  followProjects()
  followSettings()
  listen('app.show', ({ route }) => go(parseRoute(route)))
}
