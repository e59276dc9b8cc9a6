import { accessSync, constants } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { IzeError } from '../../src-preload/ize-error.ts'

/** What the engine needs at least. */
const OLDEST_NODE = 20

export interface NodeProgram {
  readonly program: string
  /** To be set for it, beside the environment. */
  readonly env: Readonly<Record<string, string>>
}

interface Versions {
  readonly node: string
  readonly electron?: string | undefined
}

/**
 * What runs the engine: this very program, as Node, or, inside an Electron whose Node is too old for it, the `node` of
 * the PATH. Errors: E_NODE_MISSING.
 */
export function nodeProgram(
  versions: Versions = process.versions,
  executable: string = process.execPath,
  path: string = process.env['PATH'] ?? '',
): NodeProgram {
  if (versions.electron === undefined) return { program: executable, env: {} }
  if (Number.parseInt(versions.node, 10) >= OLDEST_NODE) {
    return { program: executable, env: { ELECTRON_RUN_AS_NODE: '1' } }
  }
  const program = path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, 'node'))
    .find(isExecutable)
  if (program !== undefined) return { program, env: {} }
  throw new IzeError(
    'E_NODE_MISSING',
    `This Electron (${versions.electron}) has Node ${versions.node}, too old for the engine, and there is no node on the PATH. Install Node ${OLDEST_NODE} or newer.`,
    { path },
  )
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
