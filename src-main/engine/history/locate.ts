import { z } from 'zod'
import { FOREVER, ROOT } from './index-schema.ts'
import type { Sqlite } from './sqlite.ts'

/** A file by its id (`ROOT` for the project's root), and whether it is at that path now. */
export interface Located {
  readonly file: number
  readonly alive: boolean
}

const placeRow = z.object({ file: z.number(), until: z.number() })

/**
 * The file that is at a path now; else the one that was there last, also when a directory above it has moved or died
 * since. Null: no file was ever there.
 */
export function locate(sqlite: Sqlite, path: string): Located | null {
  return path === '' ? { file: ROOT, alive: true } : descend(sqlite, ROOT, path.split('/'), 0, true)
}

/** Depth first, newest place first: a directory that was renamed away is looked into when the one there now has no such file. */
function descend(sqlite: Sqlite, parent: number, names: readonly string[], at: number, alive: boolean): Located | null {
  const places = sqlite.all(
    'SELECT file, until FROM place WHERE parent = ? AND name = ? ORDER BY until DESC, since DESC',
    parent,
    names[at] ?? '',
  )
  const tried = new Set<number>()
  for (const place of places) {
    const { file, until } = placeRow.parse(place)
    if (tried.has(file)) continue
    tried.add(file)
    const here = alive && until === FOREVER
    const found = at === names.length - 1 ? { file, alive: here } : descend(sqlite, file, names, at + 1, here)
    if (found) return found
  }
  return null
}

/** The file that was at a path after a version; null: none. */
export function locateAt(sqlite: Sqlite, path: string, version: number): number | null {
  let file = ROOT
  if (path === '') return file
  for (const name of path.split('/')) {
    const row = sqlite.get(
      'SELECT file, until FROM place WHERE parent = ? AND name = ? AND since <= ? AND until > ?',
      file,
      name,
      version,
      version,
    )
    if (!row) return null
    file = placeRow.parse(row).file
  }
  return file
}

/**
 * The path of a file after a version, when it was below a directory (a file; `ROOT` for the project) then; null: it was
 * elsewhere or not there. The path is relative to the project all the same.
 */
export function pathAt(sqlite: Sqlite, directory: number, file: number, version: number): string | null {
  const names: string[] = []
  let below = directory === ROOT
  for (let at = file; at !== ROOT;) {
    const row = sqlite.get(
      'SELECT parent, name FROM place WHERE file = ? AND since <= ? AND until > ?',
      at,
      version,
      version,
    )
    if (!row) return null
    const { parent, name } = parentRow.parse(row)
    names.unshift(name)
    at = parent
    below ||= at === directory
  }
  return below ? names.join('/') : null
}

const parentRow = z.object({ parent: z.number(), name: z.string() })
