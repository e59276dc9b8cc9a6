import type { Params, Result } from '../../../src-preload/contract.ts'
import type { Cli, ProjectSummary } from '../cli.ts'
import { columns, count } from '../format.ts'
import type { Output } from '../output.ts'

export type Versions = Omit<Params<'history.stat'>, 'after' | 'limit'>
type Stat = Result<'history.stat'>
type FileStat = Stat['files'][number]

const PAGE = 500
const DONE = {
  create: 'created',
  edit: 'edited',
  delete: 'deleted',
  rename: 'renamed',
  attributes: 'attributes',
} as const

/** What became of each path, then of all: the summary of a difference. */
export async function printStat(cli: Cli, project: ProjectSummary, versions: Versions, json: boolean): Promise<void> {
  const engine = await cli.engine()
  const files: FileStat[] = []
  let page: Stat | null = null
  do {
    const query: Params<'history.stat'> = { ...versions, limit: PAGE, ...(page?.next ? { after: page.next } : {}) }
    page = await cli.recorded(project, () => engine.request('history.stat', query, { signal: cli.signal }))
    files.push(...page.files)
  } while (page.next !== null)
  const [added, removed] = [sum(files.map((file) => file.added)), sum(files.map((file) => file.removed))]
  if (json) return cli.out.json({ files, counts: page.counts, added, removed })
  if (files.length === 0) return cli.out.note('No difference.')
  cli.out.lines(columns(files.map((file) => statRow(cli.out, file))))
  const counts = (Object.keys(DONE) as (keyof typeof DONE)[]).flatMap((action) => {
    const number = page.counts[action]
    return number > 0
      ? `${number.toLocaleString('en')} ${action === 'attributes' ? 'with other attributes' : DONE[action]}`
      : []
  })
  cli.out.line(`${counts.join(', ')}; ${count(added, 'line')} added, ${count(removed, 'line')} removed`)
}

function statRow(out: Output, { path, from, type, action, added, removed }: FileStat): string[] {
  const slash = type === 'directory' ? '/' : ''
  return [
    DONE[action],
    from === null || from === path
      ? `${out.path(path)}${slash}`
      : `${out.path(from)}${slash} → ${out.path(path)}${slash}`,
    added === null ? 'binary' : added === 0 ? '' : out.paint('green', `+${added}`),
    removed === null || removed === 0 ? '' : out.paint('red', `-${removed}`),
  ]
}

function sum(numbers: readonly (number | null)[]): number {
  return numbers.reduce<number>((total, number) => total + (number ?? 0), 0)
}
