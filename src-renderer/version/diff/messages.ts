import type { Layout, LineRange, Unfolded } from './rows.ts'

/** What is asked of the thread that keeps a difference. Each answer has the `id` of its question. */
export type DiffQuestion =
  /** Hunks as the engine tells them, or a whole content to show alone. */
  | { readonly id: number; readonly kind: 'load'; readonly path: string; readonly source: DiffSource }
  /** The lines of the later version, for what is folded. */
  | { readonly id: number; readonly kind: 'content'; readonly bytes: ArrayBuffer }
  | { readonly id: number; readonly kind: 'arrange'; readonly arrangement: Arrangement }
  | { readonly id: number; readonly kind: 'rows'; readonly from: number; readonly to: number; readonly words: boolean }
  /** Colours of rows, which take longer; when they are asked for again they have them. True: there are some. */
  | { readonly id: number; readonly kind: 'colour'; readonly from: number; readonly to: number }
  /** Part of one line: of its characters, so many from `from`. */
  | { readonly id: number; readonly kind: 'line'; readonly line: LineName; readonly from: number; readonly to: number }

export type DiffSource =
  { readonly kind: 'hunks'; readonly base64: string } | { readonly kind: 'content'; readonly bytes: ArrayBuffer }

export interface Arrangement {
  readonly layout: Layout
  readonly ignoreSpace: boolean
  readonly unfolded: readonly (readonly [number, Unfolded])[]
}

export interface LineName {
  readonly side: 'old' | 'now'
  /** From 1. */
  readonly number: number
}

export interface Outline {
  readonly rows: number
  /** The rows where changes begin. */
  readonly changes: readonly number[]
  /** Rows that are not lines: folds, and bars below hunks. */
  readonly tall: readonly number[]
  readonly added: number
  readonly removed: number
  /** Columns of the longest line that is shown, and digits of the highest line number. */
  readonly columns: number
  readonly digits: number
}

/**
 * Runs of characters, each followed by the classes of its look, which may be none. In one list of texts: a list of
 * objects takes the thread that draws several times as long to unpack.
 */
export type Runs = readonly string[]

export interface ShownLine {
  readonly runs: Runs
  /** Characters before and after what is shown. */
  readonly before: number
  readonly after: number
  readonly kind: 'same' | 'added' | 'removed'
  readonly old: number | null
  readonly now: number | null
  readonly length: number
  readonly endless: boolean
}

export type ShownRow =
  | { readonly kind: 'pair'; readonly left: ShownLine | null; readonly right: ShownLine | null }
  | { readonly kind: 'line'; readonly line: ShownLine }
  | { readonly kind: 'fold'; readonly gap: number; readonly count: number | null }
  | { readonly kind: 'bar'; readonly hunk: number; readonly range: LineRange }

export interface DiffAnswers {
  readonly load: null
  readonly content: null
  readonly arrange: Outline
  readonly rows: readonly ShownRow[]
  readonly colour: boolean
  readonly line: { readonly text: string; readonly length: number }
}

export type DiffReply =
  | { readonly id: number; readonly ok: true; readonly value: DiffAnswers[keyof DiffAnswers] }
  | { readonly id: number; readonly ok: false; readonly message: string }
