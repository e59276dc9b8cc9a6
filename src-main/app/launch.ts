import { realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
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

const given = z.object({ words: z.array(z.string()), cwd: z.string() })
type Given = z.infer<typeof given>

/** What this instance was given, for one that runs already. */
export function givenLaunch(): Given {
  return { words: process.argv, cwd: process.cwd() }
}

/** What a later instance asks for; `seen`: what is known of one that does not tell. */
export function laterLaunch(told: unknown, seen: Given): Launch {
  const { data } = given.safeParse(told)
  const { words, cwd } = data ?? seen
  return readLaunch(words, cwd)
}

/**
 * The places that a path may mean in a project, which is mounted where no link leads: its own name in the folder that its
 * links lead to, since a link has a history of its own, then what it leads to itself.
 */
export async function placesOfPath(path: string): Promise<readonly string[]> {
  if (path === '/') return [path]
  const named = join(await followed(dirname(path)), basename(path))
  return [...new Set([named, await followed(path)])]
}

/** With the links of whatever part of it exists followed. */
async function followed(path: string): Promise<string> {
  const found = await realpath(path).catch(() => null)
  if (found !== null || path === '/') return found ?? path
  return join(await followed(dirname(path)), basename(path))
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
