import type { Result } from '../../../src-preload/contract.ts'

type Stat = Result<'history.stat'>['files'][number]
type Entry = Result<'history.entries'>['entries'][number]

/** What became of one path in a moment. */
export interface ChangedFile {
  readonly path: string
  /** Where it was before, when it was elsewhere. */
  readonly from: string | null
  readonly folder: boolean
  readonly action: Stat['action']
  /** Lines; null: not compared line by line. */
  readonly added: number | null
  readonly removed: number | null
  /** Bytes after the moment; null: not known from what was asked. */
  readonly size: number | null
}

export function fromStat({ path, from, type, action, added, removed }: Stat): ChangedFile {
  const elsewhere = from !== null && from !== path ? from : null
  return { path, from: elsewhere, folder: type === 'directory', action, added, removed, size: null }
}

/** Of the first moment of all, before which there is nothing to compare with. */
export function fromEntry({ path, from, type, action, size }: Entry): ChangedFile {
  return { path, from, folder: type === 'directory', action, added: null, removed: null, size }
}

/** "+8 −4", "+8"; null: lines say nothing about it. */
export function linesWords({
  added,
  removed,
}: ChangedFile): { readonly added: string; readonly removed: string } | null {
  if (added === null || removed === null || added + removed === 0) return null
  return { added: added > 0 ? `+${added}` : '', removed: removed > 0 ? `−${removed}` : '' }
}
