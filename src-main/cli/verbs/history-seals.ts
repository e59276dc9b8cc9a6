import type { Params, Result } from '../../../src-preload/contract.ts'
import type { Cli } from '../cli.ts'

type Entry = Result<'history.entries'>['entries'][number]
type Change = Result<'history.changes'>['changes'][number]
type Query = Pick<Params<'history.entries'>, 'project' | 'path' | 'filter'>

/** A seal made by hand, in a list of paths: it touches none. */
export type SealRow = { readonly [K in keyof Entry]: Entry[K] | null }

const PAGE = 500

/** The seals made by hand that belong into a list, newest first: none where it is narrowed to paths, programs or other kinds. */
export async function* sealsOf(cli: Cli, { project, path, filter = {} }: Query): AsyncGenerator<Change> {
  const { program, kind, deleted, grep, ...ofChanges } = filter
  const narrowed = [path, program, deleted, grep, kind === 'seal' ? undefined : kind]
  if (narrowed.some((value) => value !== undefined)) return
  const engine = await cli.engine()
  let before: number | null = null
  do {
    const page: Result<'history.changes'> = await engine.request(
      'history.changes',
      { project, filter: { ...ofChanges, sealed: true }, limit: PAGE, ...(before === null ? {} : { before }) },
      { signal: cli.signal },
    )
    yield* page.changes
    before = page.next
  } while (before !== null)
}

/** With the keys of every other row. */
export function sealRow({ hash, time, kind, change, seal, note, programs }: Change): SealRow {
  return {
    ...{ hash, time, kind, change, seal, note, action: null, path: null, from: null, type: null, version: null },
    ...{ size: null, forgotten: false, program: programs[0] ?? null, process: null, pruned: null },
  }
}
