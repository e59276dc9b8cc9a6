import { textToPath } from '../../../src-preload/path-text.ts'
import { IzeError } from '../ize-error.ts'

/**
 * The path of a request as the engine holds it: latin1, below the project, without slashes at its ends, dots resolved.
 * Errors: E_PATH_OUTSIDE for one that leaves the project; E_ARGUMENT for one with a NUL.
 */
export function projectPath(text: string): string {
  const path = textToPath(text)
  if (path.includes('\0')) throw new IzeError('E_ARGUMENT', 'A path cannot hold a NUL byte.')
  const outside = new IzeError('E_PATH_OUTSIDE', `"${text}" lies outside the project.`, { path: text })
  if (path.startsWith('/')) throw outside
  const names: string[] = []
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue
    if (name !== '..') names.push(name)
    else if (names.pop() === undefined) throw outside
  }
  return names.join('/')
}
