import { readFile } from 'node:fs/promises'
import { IzeError } from '../../ize-error.ts'
import { committedRoots, commitRoot } from './git-roots.ts'
import { type RootPlace, rootPlaceText } from './root-place.ts'
import { appendRoot, type SignedRoot } from './signed-root.ts'

/** Adds a line for a root to its place, and has it on the disk when it returns. Errors: E_ROOT_PLACE. */
export async function keepRoot(place: RootPlace, root: SignedRoot): Promise<void> {
  try {
    await (place.kind === 'file' ? appendRoot(place.file, root) : commitRoot(place, root))
  } catch (cause) {
    throw failed('added to', place, cause)
  }
}

/** The lines of a place, as text. Errors: E_SOURCE_MISSING, E_ROOT_PLACE. */
export async function keptRoots(place: RootPlace): Promise<string> {
  try {
    return await (place.kind === 'file' ? readFile(place.file, 'utf8') : committedRoots(place))
  } catch (cause) {
    if (cause instanceof IzeError) throw cause
    if (place.kind === 'file' && cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      throw new IzeError('E_SOURCE_MISSING', `There is no file ${place.file}.`, { path: place.file })
    }
    throw failed('read from', place, cause)
  }
}

function failed(what: string, place: RootPlace, cause: unknown): IzeError {
  const where = rootPlaceText(place)
  const why = cause instanceof Error ? cause.message : String(cause)
  return new IzeError('E_ROOT_PLACE', `The root could not be ${what} ${where}: ${why}.`, { place: where }, { cause })
}
