import { InvalidArgumentError, type Command } from 'commander'
import type { Result } from '../../../src-preload/contract.ts'
import type { Cli, ProjectSummary } from '../cli.ts'
import { columns, count, localTime, size } from '../format.ts'
import type { Output } from '../output.ts'
import { run, verb } from '../verb.ts'

type Entry = Result<'history.entries'>['entries'][number]
type Change = Result<'history.changes'>['changes'][number]
const PAGE = 500
const DEFAULT_LIMIT = 50

export function addHistory(program: Command): void {
  verb(program, {
    usage: 'history <project> [path]',
    summary: 'what happened, newest first: in the project, or to one file or folder',
    example: 'ize history thesis chapters/one.txt',
  })
    .option('-n, --limit <number>', `how many; default ${DEFAULT_LIMIT}, with --json all`, positive)
    .option('--wait', 'first wait until everything that was saved is in history')
    .action(
      run<[string, string | undefined], { limit?: number; wait?: boolean }>(async ({ cli, options }, name, path) => {
        const project = await cli.project(name)
        if (options.wait) await cli.record(project)
        const target = path === undefined ? undefined : (await cli.target(project, path)).path
        if (options.json) return printJson(cli, project, target, options.limit ?? Infinity)
        const limit = options.limit ?? DEFAULT_LIMIT
        if (target === undefined) await printChanges(cli, project, limit)
        else await printEntries(cli, project, target, limit)
      }),
    )
}

/** An array, page by page: a history of any length takes the same memory. */
async function printJson(cli: Cli, project: ProjectSummary, path: string | undefined, limit: number): Promise<void> {
  let printed = 0
  for await (const entries of pages(cli, project, path, limit)) {
    for (const entry of entries) await cli.out.write(`${printed++ === 0 ? '[\n' : ',\n'}  ${JSON.stringify(entry)}`)
  }
  await cli.out.write(printed === 0 ? '[]\n' : '\n]\n')
}

async function* pages(
  cli: Cli,
  project: ProjectSummary,
  path: string | undefined,
  limit: number,
): AsyncGenerator<Entry[]> {
  const engine = await cli.engine()
  let before: number | null = null
  let left = limit
  do {
    const page: Result<'history.entries'> = await engine.request(
      'history.entries',
      {
        project: project.id,
        limit: Math.min(PAGE, left),
        ...(path === undefined ? {} : { path }),
        ...(before === null ? {} : { before }),
      },
      { signal: cli.signal },
    )
    yield page.entries
    left -= page.entries.length
    before = page.next
  } while (before !== null && left > 0)
}

async function printEntries(cli: Cli, project: ProjectSummary, path: string, limit: number): Promise<void> {
  const rows: string[][] = []
  let several = false
  for await (const entries of pages(cli, project, path, limit)) {
    several ||= entries.some((entry) => entry.path !== path && entry.from !== path)
    for (const entry of entries) rows.push(entryRow(cli.out, entry))
  }
  // For one file the path says nothing new, unless it had another name.
  cli.out.lines(columns(several ? rows : rows.map((row) => row.toSpliced(4, 1))))
}

export function entryRow(out: Output, entry: Entry): string[] {
  const { version, time, kind, path, from, size: bytes, program, hash, note } = entry
  return [
    out.paint('bold', `@${version}`),
    out.paint('dim', localTime(time)),
    kind,
    entry.action === 'delete' || bytes === null ? '' : size(bytes),
    from === null ? out.path(path) : `${out.path(from)} → ${out.path(path)}`,
    out.name(program ?? 'unknown program'),
    out.paint('dim', hash.slice(0, 12)),
    note === null ? '' : out.name(note),
  ]
}

async function printChanges(cli: Cli, project: ProjectSummary, limit: number): Promise<void> {
  const engine = await cli.engine()
  const page = Math.min(limit, 1000)
  const { changes, next } = await engine.request(
    'history.changes',
    { project: project.id, limit: page },
    { signal: cli.signal },
  )
  if (changes.length === 0) {
    cli.out.line(`Nothing has happened in ${cli.out.name(project.name)} yet.`)
    if (!project.mounted) cli.out.line(`Mount it and work in it: ize mount ${cli.out.name(project.name)} <folder>`)
  }
  cli.out.lines(columns(changes.map((change) => changeRow(cli.out, change))))
  if (next !== null && cli.out.isTerminal)
    cli.out.note(`There is more: ize history ${project.name} --limit ${limit * 4}`)
  const { pending } = await engine.request('projects.status', { project: project.id })
  if (pending.operations > 0) cli.out.note(`${count(pending.operations, 'operation')} saved, on the way into history.`)
}

export function changeRow(out: Output, change: Change): string[] {
  const [first] = change.paths
  const rest = change.count - change.paths.length
  const paths =
    change.count === 1 && first
      ? first.from === null
        ? out.path(first.path)
        : `${out.path(first.from)} → ${out.path(first.path)}`
      : `${change.paths.map(({ path }) => out.path(path)).join(', ') || '.'}${rest > 0 ? ` and ${rest.toLocaleString('en')} more` : ''}`
  return [
    out.paint('dim', localTime(change.time)),
    change.kind,
    paths,
    out.name(change.programs.join(', ') || 'unknown program'),
    out.paint('dim', change.hash.slice(0, 12)),
    change.note === null ? '' : out.name(change.note),
  ]
}

function positive(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number from 1.')
  return number
}
