import { realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { IzeError } from '../../src-preload/ize-error.ts'
import { pathToText } from '../../src-preload/path-text.ts'

/** A path of a project and perhaps a version of it, as the user named them. */
export interface Target {
  /** Text of path-text.ts, relative to the project. */
  readonly path: string
  readonly version: string | undefined
}

export interface TargetContext {
  readonly project: string
  readonly mountPoint: string | null
  readonly cwd: string
  /** Which of these project paths exist or ever existed. */
  readonly known: (paths: readonly string[]) => Promise<readonly boolean[]>
}

/**
 * Reads `path` or `path@V`. A known path of the whole name wins; else the name is split at its last `@`.
 *
 * A path is absolute, below the mount point; or relative: to the current folder when that lies in the mounted project
 * (and such a path is known), else to the project. The engine never looks at the mount for this, nor does it follow
 * links within it. Errors: E_PATH_OUTSIDE, E_PATH_UNKNOWN.
 */
export async function readTarget(argument: string, context: TargetContext): Promise<Target> {
  const at = argument.lastIndexOf('@')
  const split =
    at === -1 || at === argument.length - 1 ? null : { name: argument.slice(0, at), version: argument.slice(at + 1) }
  const whole = readings(argument, context)
  const before = split ? readings(split.name, context) : []
  const candidates = [...whole, ...before]
  if (candidates.length === 0) {
    throw new IzeError(
      'E_PATH_OUTSIDE',
      `"${argument}" lies outside the project ${context.project}${context.mountPoint === null ? '' : `, which is mounted at ${context.mountPoint}`}.`,
      { path: argument },
    )
  }
  const known = await context.known(candidates)
  const found = candidates.findIndex((_, index) => known[index])
  const path = candidates[found]
  if (path !== undefined) return { path, version: found < whole.length ? undefined : split?.version }
  const shown = (split && VERSION.test(split.version) ? before[0] : whole[0]) ?? argument
  throw new IzeError('E_PATH_UNKNOWN', `Nothing named "${shown}" is or was in the history of ${context.project}.`, {
    path: shown,
  })
}

/** A number, a hash, or a time of more than one word or with a colon. */
const VERSION = /^(\d+|[A-Za-z2-7]{3,}|.*[ :].*|\d{4}-\d\d-\d\d)$/

/** The project paths that a name may mean, most likely first: as typed, or with %XX for bytes that are not UTF-8. */
function readings(name: string, { mountPoint, cwd }: TargetContext): string[] {
  const places = new Set<string>()
  if (isAbsolute(name)) {
    if (mountPoint !== null) addBelow(places, mountPoint, name)
  } else {
    const inside = mountPoint !== null && below(mountPoint, cwd) !== null
    if (inside) addBelow(places, mountPoint, resolve(cwd, name))
    addBelow(places, '/', resolve('/', name), escapes(name))
  }
  return [...places].flatMap((path) => [...new Set([pathToText(Buffer.from(path).toString('latin1')), path])])
}

function addBelow(places: Set<string>, root: string, path: string, outside = false): void {
  if (outside) return
  const direct = below(root, path)
  if (direct !== null) places.add(direct)
  else if (root !== '/') {
    // The mount point is known by its resolved name, the path may go through links that lie above it.
    const real = below(root, resolved(path))
    if (real !== null) places.add(real)
  }
}

function below(root: string, path: string): string | null {
  const rest = relative(root, path)
  return rest === '..' || rest.startsWith('../') || isAbsolute(rest) ? null : rest
}

/** Whether a relative path leaves the folder it is relative to. */
function escapes(name: string): boolean {
  let depth = 0
  for (const part of name.split('/')) {
    if (part === '..') depth--
    else if (part !== '' && part !== '.') depth++
    if (depth < 0) return true
  }
  return false
}

function resolved(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    // Gone, or never there: its parent may still be reached by a link.
    const parent = dirname(path)
    return parent === path ? path : join(resolved(parent), basename(path))
  }
}
