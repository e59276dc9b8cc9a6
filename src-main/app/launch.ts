import { resolve } from 'node:path'
import { pathToText } from '../../src-preload/path-text.ts'
import { historyRoute, routeOfArguments } from '../../src-preload/place-link.ts'
import type { Project } from './projects-view.ts'

/** What the command line of the app asks for. */
export interface Launch {
  /** Where to go; null: nowhere in particular. */
  readonly route: string | null
  /** A file or folder of the machine whose history is asked for. */
  readonly history: string | null
  /** Without a window, as when the user logs in. */
  readonly hidden: boolean
}

/** Reads `ize://…`, `--history <path>` and `--hidden`; Chromium's own switches among the words mean nothing here. */
export function readLaunch(words: readonly string[], cwd: string): Launch {
  const at = words.indexOf('--history')
  const path = at === -1 ? undefined : words[at + 1]
  return {
    route: routeOfArguments(words),
    history: path === undefined ? null : resolve(cwd, path),
    hidden: words.includes('--hidden'),
  }
}

/** The route to the history of a path of the machine: of the innermost project that is mounted there; null: none is. */
export function routeOfPath(path: string, projects: readonly Project[]): string | null {
  const found = projects
    .filter(({ mounted, mountPoint }) => mounted && mountPoint !== null && isWithin(path, mountPoint))
    .sort((a, b) => (b.mountPoint?.length ?? 0) - (a.mountPoint?.length ?? 0))[0]
  if (!found?.mountPoint) return null
  const below = path.slice(found.mountPoint.length).replace(/^\/+/, '')
  return historyRoute(found.name, pathToText(Buffer.from(below).toString('latin1')))
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}
