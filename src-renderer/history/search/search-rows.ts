import type { Result } from '../../../src-preload/contract.ts'

type Found = Result<'history.find'>
export type Hit = Result<'history.search'>['hits'][number]

export type SearchRow =
  | { readonly kind: 'heading'; readonly key: string; readonly label: string }
  | { readonly kind: 'name'; readonly key: string; readonly name: Found['names'][number] }
  | { readonly kind: 'change'; readonly key: string; readonly change: Found['changes'][number] }
  | { readonly kind: 'program'; readonly key: string; readonly program: Found['programs'][number] }
  | { readonly kind: 'hit'; readonly key: string; readonly hit: Hit }

/** What was found, under headings; those without anything are left out. */
export function searchRows(found: Found | null, hits: readonly Hit[]): SearchRow[] {
  return [
    ...section(
      'Names',
      (found?.names ?? []).map((name) => ({ kind: 'name', key: `n${name.path}`, name })),
    ),
    ...section(
      'Messages',
      (found?.changes ?? []).map((change) => ({ kind: 'change', key: `c${change.change}`, change })),
    ),
    ...section(
      'Programs',
      (found?.programs ?? []).map((program) => ({ kind: 'program', key: `p${program.name}`, program })),
    ),
    ...section(
      'Past text',
      hits.map((hit) => ({ kind: 'hit', key: `t${hit.to.path}:${hit.from.version}:${hit.from.hash}`, hit })),
    ),
  ]
}

function section(label: string, rows: readonly SearchRow[]): readonly SearchRow[] {
  return rows.length === 0 ? [] : [{ kind: 'heading', key: `h${label}`, label }, ...rows]
}
