import type { Layout, LineRange, Unfolded } from './rows.ts'
import type { ShownText } from './segments.ts'

/** What is asked of the thread that keeps a difference. Each answer has the `id` of its question. */
export type DiffQuestion =
  /** Hunks as the engine tells them, or a whole content to show alone. */
  | { readonly id: number; readonly kind: 'load'; readonly path: string; readonly source: DiffSource }
  /** The lines of the later version, for what is folded. */
  | { readonly id: number; readonly kind: 'content'; readonly bytes: ArrayBuffer }
  | { readonly id: number; readonly kind: 'arrange'; readonly arrangement: Arrangement }
  | { readonly id: number; readonly kind: 'rows'; readonly from: number; readonly to: number; readonly words: boolean }
  /** Colours of everything, which take longer; rows that are asked for later have them. */
  | { readonly id: number; readonly kind: 'colour' }
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

export interface ShownLine extends ShownText {
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
