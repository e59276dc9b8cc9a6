import { pathToText } from '../../../src-preload/path-text.ts'
import { assertNever } from '../assert-never.ts'
import { IzeError } from '../ize-error.ts'
import type { ObjectStore } from '../store/object-store.ts'
import type { VersionState } from './version-state.ts'

/** Where the bytes of a version are: an object of the store, or here (a symbolic link's target). */
export type ContentSource =
  | { readonly kind: 'object'; readonly object: string; readonly size: number; readonly text: boolean }
  | { readonly kind: 'bytes'; readonly bytes: Buffer }

/** Null: such a version has no content (a deletion, a directory, a special file). */
export function contentSource(state: VersionState | null): ContentSource | null {
  if (!state?.present) return null
  switch (state.type) {
    case 'file': {
      const { object, size = 0, text = false } = state
      return object === undefined ? null : { kind: 'object', object, size, text }
    }
    case 'symlink':
      return { kind: 'bytes', bytes: Buffer.from(state.target ?? '', 'latin1') }
    case 'directory':
    case 'special':
      return null
    default:
      return assertNever(state.type, 'type of file')
  }
}

/** Reads a content of up to `limit` bytes. Errors: E_OBJECT_MISSING, E_OBJECT_DAMAGED, E_OBJECT_LARGE. */
export function readContent(store: ObjectStore, source: ContentSource, limit: number): Buffer {
  return source.kind === 'bytes' ? source.bytes : store.read(source.object, limit)
}

/** The content of a version, or why it has none. Errors: E_VERSION_ABSENT, E_NOT_A_FILE. */
export function contentSourceOrFail(path: string, number: number, state: VersionState): ContentSource {
  const source = contentSource(state)
  if (source) return source
  const name = `"${pathToText(path)}"`
  if (!state.present) {
    const before = number > 1 ? `; version ${number - 1} is the last before it` : ''
    throw new IzeError('E_VERSION_ABSENT', `Version ${number} of ${name} is its deletion${before}.`)
  }
  const what = state.type === 'directory' ? 'a folder' : 'a special file'
  throw new IzeError('E_NOT_A_FILE', `${name} is ${what} in version ${number} and has no contents to show.`)
}
