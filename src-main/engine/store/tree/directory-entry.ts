import type { VersionState } from '../../history/version-state.ts'

/** What a file is, as the tree keeps it: exactly what its newest version tells. */
export type PresentState = VersionState & { readonly present: true }

/** What is below: `entries` directly, files (of type file; a hard link for each name) and their bytes at any depth. */
export interface Totals {
  readonly entries: number
  readonly files: number
  readonly bytes: number
}

/** A node of a directory's HAMT, and what is below it. */
export interface Link extends Totals {
  /** 64 hex digits. */
  readonly address: string
}

/** One name in a directory. Never changed once made: caches and trees share it. */
export interface DirectoryEntry {
  /** One char per byte. Empty for the root of a tree, which has no name. */
  readonly name: string
  readonly state: PresentState
  /** The root of the directory's own HAMT; null for an empty directory, and for what is none. */
  readonly below: Link | null
}

/** A path of which nothing is known but that something is below it. */
export const UNTOLD_DIRECTORY: PresentState = { type: 'directory', ino: 0, present: true }

/** Bytes stop at the largest number that is exact: a few holes can be longer than all disks. */
export function sumOf(parts: Iterable<Totals | null>): Totals {
  let [entries, files, bytes] = [0, 0, 0]
  for (const part of parts) {
    if (!part) continue
    entries += part.entries
    files += part.files
    bytes = Math.min(bytes + part.bytes, Number.MAX_SAFE_INTEGER)
  }
  return { entries, files, bytes }
}

/** What an entry adds to its directory. */
export function totalsOf({ state, below }: DirectoryEntry): Totals {
  if (state.type === 'file') return { entries: 1, files: 1, bytes: state.size ?? 0 }
  return { entries: 1, files: below?.files ?? 0, bytes: below?.bytes ?? 0 }
}

/** In the order of names' bytes. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
