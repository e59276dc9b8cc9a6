import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { version } from '../package.json'

/** Bundles that are no part of the engine. */
const OTHERS = new Set(['cli.cjs', 'bench.cjs', 'app.cjs', 'preload.cjs'])

/**
 * The version of the engine whose bundles are in a directory: that of the package and, since a checkout is built again
 * and again under one number, a stamp of the bundles and the addon (name, size, time; the build leaves an unchanged one alone).
 */
export function buildVersion(directory: string): string {
  const stamp = createHash('sha256')
  for (const name of readdirSync(directory).sort()) {
    if (!name.endsWith('.cjs') || OTHERS.has(name)) continue
    const { size, mtimeMs } = statSync(join(directory, name))
    stamp.update(`${name} ${size} ${mtimeMs}\n`)
  }
  const addon = statSync(join(directory, '../native/ize.node'), { throwIfNoEntry: false })
  if (addon) stamp.update(`${addon.size} ${addon.mtimeMs}`)
  return `${version}+${stamp.digest('hex').slice(0, 8)}`
}

export { version as packageVersion }
