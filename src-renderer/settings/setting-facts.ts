import type { Result } from '../../src-preload/contract.ts'

export type Setting = Result<'config.get'>

/** Settings of a project that people meet on the screen: what they are called there, and how their value is chosen. */
export type SettingKind =
  | { readonly kind: 'choice'; readonly options: readonly { readonly value: string; readonly label: string }[] }
  | { readonly kind: 'switch' }
  | { readonly kind: 'list' }
  /** `unit`: what one of the number shown is, in the number kept. */
  | { readonly kind: 'number'; readonly unit: number; readonly suffix: string }

export interface SettingFacts {
  readonly key: string
  readonly label: string
  readonly about: string
  readonly kind: SettingKind
}

const MB = 1_048_576

export const settingGroups: readonly { readonly title: string; readonly settings: readonly SettingFacts[] }[] = [
  {
    title: 'What is kept',
    settings: [
      {
        key: 'history.granularity',
        label: 'What makes a version',
        about: 'Each saved file is what people mean by a version; each operation keeps more, each batch less.',
        kind: {
          kind: 'choice',
          options: [
            { value: 'op', label: 'Each operation' },
            { value: 'save', label: 'Each save' },
            { value: 'batch', label: 'Each batch' },
          ],
        },
      },
      {
        key: 'ignore',
        label: 'Without history',
        about:
          'One gitignore pattern on each line, such as build/ or *.tmp. Such files are kept safe as any, without versions. !pattern takes one back.',
        kind: { kind: 'list' },
      },
      {
        key: 'history.text-limit',
        label: 'Texts up to',
        about: 'Larger files are kept whole, version by version, and not compared line by line when they are stored.',
        kind: { kind: 'number', unit: 1024, suffix: 'KiB' },
      },
    ],
  },
  {
    title: 'Search',
    settings: [
      {
        key: 'history.search',
        label: 'Search the text of past versions',
        about: 'Finds a sentence that a file contained. It takes some space.',
        kind: { kind: 'switch' },
      },
      {
        key: 'history.search-limit',
        label: 'Space for it',
        about: 'Beyond that the oldest texts are let go of; the versions themselves stay.',
        kind: { kind: 'number', unit: MB, suffix: 'MiB' },
      },
    ],
  },
  {
    title: 'When it is recorded',
    settings: [
      {
        key: 'record.quiet-ms',
        label: 'After a quiet of',
        about: 'What was saved goes into history once nothing happened for so long.',
        kind: { kind: 'number', unit: 1, suffix: 'ms' },
      },
      {
        key: 'record.max-wait-ms',
        label: 'At the latest after',
        about: 'Quiet or not.',
        kind: { kind: 'number', unit: 1, suffix: 'ms' },
      },
      {
        key: 'log.limit-bytes',
        label: 'Room in the log',
        about: 'When so much waits, programs that write wait too; nothing is lost.',
        kind: { kind: 'number', unit: MB, suffix: 'MiB' },
      },
    ],
  },
]

/** The text that `config.set` takes for what stands in a field; null: it is none. */
export function valueText(kind: SettingKind, typed: string): string | null {
  switch (kind.kind) {
    case 'list':
      return JSON.stringify(
        typed
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== ''),
      )
    case 'number': {
      const number = Number(typed.replace(/[, ]/g, ''))
      return typed.trim() === '' || !Number.isFinite(number) ? null : String(Math.round(number * kind.unit))
    }
    case 'choice':
    case 'switch':
      return typed
  }
}

/** What stands in a field for a value as `config.list` tells it. */
export function fieldText(kind: SettingKind, value: unknown): string {
  if (kind.kind === 'list') return Array.isArray(value) ? value.map(String).join('\n') : ''
  if (kind.kind === 'number') return String(Math.round((Number(value) / kind.unit) * 100) / 100)
  return String(value)
}
