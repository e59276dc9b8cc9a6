import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Params, Result } from '../../../src-preload/contract.ts'
import { historyKind } from '../../../src-preload/schemas.ts'
import { timeArgument } from '../clock.ts'
import { type SealRow, sealRow, sealsOf } from './history-seals.ts'
import type { Cli, ProjectSummary } from '../cli.ts'
import { columns, count, localTime, size } from '../format.ts'
import type { Output } from '../output.ts'
import { run, verb } from '../verb.ts'

type Entry = Result<'history.entries'>['entries'][number]
type Change = Result<'history.changes'>['changes'][number]
type Query = Omit<Params<'history.entries'>, 'before' | 'limit'> & {
  readonly filter: NonNullable<Params<'history.entries'>['filter']>
}
interface HistoryOptions {
  limit?: number
  since?: string
  until?: string
  program?: string
  kind?: Entry['kind']
  deleted?: boolean
  grep?: string
  message?: string
  wait?: boolean
}
const PAGE = 500
const DEFAULT_LIMIT = 50

export function addHistory(program: Command): void {
  verb(program, {
    usage: 'history <project> [path]',
    summary: 'what happened, newest first: in the project, or to one file or folder',
    example: 'ize history thesis chapters/one.txt\nize history thesis --deleted --since monday',
  })
    .option('-n, --limit <number>', `how many; default ${DEFAULT_LIMIT}, with --json all`, positive)
    .option('--since <time>', 'not what happened before; a day counts from its first moment')
    .option('--until <time>', 'not what happened after; a day counts to its last moment')
    .option('--program <name>', 'only what this program did')
    .addOption(new Option('--kind <kind>', 'only this kind').choices(historyKind.options))
    .option('--deleted', 'only deletions')
    .option('--grep <text>', 'only paths that hold this text, or fit a pattern such as "*.tex"')
    .option('--message <text>', 'only changes whose message holds this text')
    .option('--wait', 'first wait until everything that was saved is in history')
    .action(
      run<[string, string | undefined], HistoryOptions>(async ({ cli, options }, name, path) => {
        const project = await cli.project(name)
        if (options.wait) await cli.record(project)
        const target = path === undefined ? undefined : (await cli.target(project, path)).path
        const query: Query = {
          project: project.id,
          filter: filterOf(options),
          ...(target === undefined ? {} : { path: target }),
        }
        if (options.json) return printJson(cli, query, options.limit ?? Infinity)
        const limit = options.limit ?? DEFAULT_LIMIT
        const { program, kind, deleted, grep, ...changeFilter } = query.filter
        const onlySeals = kind === 'seal'
        // What narrows it to paths is answered by paths.
        if ([target, program, onlySeals ? undefined : kind, deleted, grep].every((value) => value === undefined)) {
          await printChanges(cli, project, { ...changeFilter, ...(onlySeals ? { sealed: true } : {}) }, limit)
        } else await printEntries(cli, query, limit)
      }),
    )
}

function filterOf({ since, until, program, kind, deleted, grep, message }: HistoryOptions): Query['filter'] {
  return {
    ...(since === undefined ? {} : { since: timeArgument(since, 'first') }),
    ...(until === undefined ? {} : { until: timeArgument(until, 'last') }),
    ...(program === undefined ? {} : { program }),
    ...(kind === undefined ? {} : { kind }),
    ...(deleted ? { deleted: 'all' } : {}),
    ...(grep === undefined ? {} : { grep }),
    ...(message === undefined ? {} : { message }),
  }
}

/** An array, page by page: a history of any length takes the same memory. */
async function printJson(cli: Cli, query: Query, limit: number): Promise<void> {
  let printed = 0
  for await (const row of withSeals(cli, query, limit)) {
    await cli.out.write(`${printed++ === 0 ? '[\n' : ',\n'}  ${JSON.stringify(row)}`)
    if (printed === limit) break
  }
  await cli.out.write(printed === 0 ? '[]\n' : '\n]\n')
}

/** The rows of paths, and between them, where the project's history is not narrowed to paths, the seals made by hand. */
async function* withSeals(cli: Cli, query: Query, limit: number): AsyncGenerator<Entry | SealRow> {
  const seals = sealsOf(cli, query)
  let next = await seals.next()
  for await (const entries of pages(cli, query, limit)) {
    for (const entry of entries) {
      for (; !next.done && next.value.change > entry.change; next = await seals.next()) yield sealRow(next.value)
      yield entry
    }
  }
  for (; !next.done; next = await seals.next()) yield sealRow(next.value)
}

export async function* pages(cli: Cli, query: Query, limit: number): AsyncGenerator<Entry[]> {
  const engine = await cli.engine()
  let before: number | null = null
  let left = limit
  do {
    const page: Result<'history.entries'> = await engine.request(
      'history.entries',
      { ...query, limit: Math.min(PAGE, left), ...(before === null ? {} : { before }) },
      { signal: cli.signal },
    )
    yield page.entries
    left -= page.entries.length
    before = page.next
  } while (before !== null && left > 0)
}

async function printEntries(cli: Cli, query: Query, limit: number): Promise<void> {
  const rows: string[][] = []
  let several = query.path === undefined
  for await (const entries of pages(cli, query, limit)) {
    several ||= entries.some((entry) => entry.path !== query.path && entry.from !== query.path)
    for (const entry of entries) rows.push(entryRow(cli.out, entry))
  }
  if (rows.length === 0) return cli.out.note('Nothing in history is like that.')
  // For one file the path says nothing new, unless it had another name.
  cli.out.lines(columns(several ? rows : rows.map((row) => row.toSpliced(4, 1))))
}

export function entryRow(out: Output, entry: Entry): string[] {
  const { version, time, kind, path, from, size: bytes, program, hash, note, pruned } = entry
  return [
    out.paint('bold', `@${version}`),
    out.paint('dim', localTime(time)),
    kind,
    entry.action === 'delete' || bytes === null ? '' : entry.forgotten ? 'forgotten' : size(bytes),
    from === null ? out.path(path) : `${out.path(from)} → ${out.path(path)}`,
    out.name(program ?? 'unknown program'),
    out.paint('dim', hash.slice(0, 12)),
    out.paint('dim', entry.seal?.name ?? ''),
    [...(pruned === null ? [] : [out.paint('yellow', 'pruned')]), ...(note === null ? [] : [out.name(note)])].join(
      '  ',
    ),
  ]
}

async function printChanges(
  cli: Cli,
  project: ProjectSummary,
  filter: NonNullable<Params<'history.changes'>['filter']>,
  limit: number,
): Promise<void> {
  const engine = await cli.engine()
  const page = Math.min(limit, 1000)
  const { changes, next } = await engine.request(
    'history.changes',
    { project: project.id, filter, limit: page },
    { signal: cli.signal },
  )
  const narrowed = Object.values(filter).some((value) => value !== undefined)
  if (changes.length === 0 && narrowed) cli.out.note('Nothing in history is like that.')
  else if (changes.length === 0) {
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
    change.count === 0
      ? ''
      : change.count === 1 && first
        ? first.from === null
          ? out.path(first.path)
          : `${out.path(first.from)} → ${out.path(first.path)}`
        : `${change.paths.map(({ path }) => out.path(path)).join(', ') || '.'}${rest > 0 ? ` and ${rest.toLocaleString('en')} more` : ''}`
  return [
    out.paint('dim', localTime(change.time)),
    change.kind,
    paths,
    out.name(change.programs.join(', ') || (change.count === 0 ? '' : 'unknown program')),
    out.paint('dim', change.hash.slice(0, 12)),
    out.paint('dim', change.seal?.name ?? ''),
    change.note === null ? '' : out.name(change.note),
  ]
}

function positive(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number from 1.')
  return number
}
