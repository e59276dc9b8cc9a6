import type { ObjectStore } from '../store/object-store.ts'
import * as native from '../sys/native.ts'
import { type Cut, cutHunks } from './cut-hunks.ts'
import { type ContentSource, contentSource, readContent } from './version-content.ts'
import type { VersionState } from './version-state.ts'

/** How two contents differ. `hunks`: unified, without file header, as bytes. */
export type ContentDiff =
  | { readonly kind: 'same' }
  | { readonly kind: 'text'; readonly hunks: Uint8Array; readonly cut: Cut | null }
  /** Not text, or longer than what is compared line by line. */
  /** One of them was forgotten. */
  | { readonly kind: 'forgotten' }
  | { readonly kind: 'binary'; readonly large: boolean; readonly fromSize: number; readonly toSize: number }

/** Longer contents are not compared line by line. */
const LIMIT = 16 * 1024 * 1024
/** After this the comparison becomes coarser; in a window, where someone waits, sooner. */
const DEADLINE_MS = 1000
const WINDOW_DEADLINE_MS = 250

export interface DiffOptions {
  /** Lines around each difference. */
  readonly context: number
  /** Lines are the same that differ in white space only. */
  readonly ignoreWhiteSpace?: boolean | undefined
  /** Only as much as a window can show, and soon. */
  readonly bounded?: boolean | undefined
}

/** Compares what a file held after two of its versions; what was not there is compared as empty. */
export function diffContents(
  store: ObjectStore,
  from: VersionState | null,
  to: VersionState | null,
  { context, ignoreWhiteSpace = false, bounded = false }: DiffOptions,
): ContentDiff {
  const [a, b] = [contentSource(from), contentSource(to)]
  if (sameContent(a, b)) return { kind: 'same' }
  if (isForgotten(store, a) || isForgotten(store, b)) return { kind: 'forgotten' }
  const [fromSize, toSize] = [sizeOf(a), sizeOf(b)]
  if (fromSize > LIMIT || toSize > LIMIT) return { kind: 'binary', large: true, fromSize, toSize }
  const [before, after] = [bytesOf(store, a), bytesOf(store, b)]
  if (before.includes(0) || after.includes(0)) return { kind: 'binary', large: false, fromSize, toSize }
  const deadline = bounded ? WINDOW_DEADLINE_MS : DEADLINE_MS
  const hunks = native.diffUnified(before, after, context, deadline, ignoreWhiteSpace)
  return { kind: 'text', ...(bounded ? cutHunks(hunks) : { hunks, cut: null }) }
}

function isForgotten(store: ObjectStore, source: ContentSource | null): boolean {
  return source?.kind === 'object' && store.isForgotten(source.object)
}

function sameContent(a: ContentSource | null, b: ContentSource | null): boolean {
  if (a?.kind === 'object' && b?.kind === 'object') return a.object === b.object
  if (a?.kind === 'bytes' && b?.kind === 'bytes') return a.bytes.equals(b.bytes)
  return sizeOf(a) === 0 && sizeOf(b) === 0
}

function sizeOf(source: ContentSource | null): number {
  if (!source) return 0
  return source.kind === 'object' ? source.size : source.bytes.length
}

function bytesOf(store: ObjectStore, source: ContentSource | null): Buffer {
  return source ? readContent(store, source, LIMIT) : Buffer.alloc(0)
}
