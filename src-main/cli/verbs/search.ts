import { InvalidArgumentError, type Command } from 'commander'
import type { Params, Result } from '../../../src-preload/contract.ts'
import { timeArgument } from '../clock.ts'
import type { Cli } from '../cli.ts'
import { columns, count, localTime } from '../format.ts'
import type { Output } from '../output.ts'
import { run, verb } from '../verb.ts'
import { changeRow } from './history.ts'

type Found = Result<'history.find'>
type Searched = Result<'history.search'>
type Query = Omit<Params<'history.search'>, 'before' | 'limit'>

interface SearchOptions {
  since?: string
  until?: string
  names?: boolean
  text?: boolean
  limit?: number
  wait?: boolean
}

const DEFAULT_LIMIT = 50
const PAGE = 100

export function addSearch(program: Command): void {
  verb(program, {
    usage: 'search <project> <text> [path]',
    summary: 'which versions held a text, and which names, messages and programs do; whatever the case',
    example: 'ize search thesis "the committee agreed"\nize search thesis conclusion --names',
  })
    .option('--names', 'only in names, messages and programs')
    .option('--text', 'only in the texts of all versions')
    .option('--since <time>', 'texts that were there then or later; a day counts from its first moment')
    .option('--until <time>', 'texts that were there then or before; a day counts to its last moment')
    .option('-n, --limit <number>', `how many of each; default ${DEFAULT_LIMIT}`, positive)
    .option('--wait', 'first wait until everything that was saved can be searched')
    .action(
      run<[string, string, string | undefined], SearchOptions>(async ({ cli, options }, name, text, path) => {
        const project = await cli.project(name)
        if (options.wait) await cli.record(project)
        const target = path === undefined ? {} : { path: (await cli.target(project, path)).path }
        const about = { project: project.id, text, ...target }
        const limit = options.limit ?? DEFAULT_LIMIT
        const { since, until, wait } = options
        const engine = await cli.engine()
        const found = options.text
          ? null
          : await engine.request('history.find', { ...about, limit: Math.min(limit, 1000) }, { signal: cli.signal })
        const query: Query = {
          ...about,
          ...(since === undefined ? {} : { since: timeArgument(since, 'first') }),
          ...(until === undefined ? {} : { until: timeArgument(until, 'last') }),
          ...(wait ? { wait } : {}),
        }
        const searched = options.names ? null : await searchAll(cli, query, limit)
        if (options.json) return cli.out.json({ ...found, ...(searched ? { text: searched } : {}) })
        const printed = (found ? printFound(cli.out, found) : 0) + (searched ? printTexts(cli.out, searched) : 0)
        if (printed === 0) cli.out.note('Nothing was found.')
        if (searched) printGaps(cli.out, searched)
      }),
    )
}

async function searchAll(cli: Cli, query: Query, limit: number): Promise<Searched> {
  const engine = await cli.engine()
  const hits: Searched['hits'] = []
  let page: Searched | null = null
  do {
    const request: Params<'history.search'> = {
      ...query,
      limit: Math.min(PAGE, limit - hits.length),
      ...(page?.next ? { before: page.next } : {}),
    }
    page = await engine.request('history.search', request, { signal: cli.signal })
    hits.push(...page.hits)
    if (page.next !== null) cli.out.progress(`Searching: ${count(hits.length, 'place')} found`)
  } while (page.next !== null && hits.length < limit)
  cli.out.clearProgress()
  return { ...page, hits: hits.slice(0, limit) }
}

function printFound(out: Output, { names, changes, programs }: Found): number {
  section(
    out,
    'Names',
    names.map(({ path, type, present, version, time }) => [
      out.path(path) + (type === 'directory' ? '/' : ''),
      `@${version}`,
      out.paint('dim', localTime(time)),
      present ? '' : 'deleted',
    ]),
  )
  section(
    out,
    'Messages',
    changes.map((change) => changeRow(out, change)),
  )
  section(
    out,
    'Programs',
    programs.map(({ name, versions, time }) => [
      out.name(name),
      count(versions, 'version'),
      `last ${out.paint('dim', localTime(time))}`,
    ]),
  )
  return names.length + changes.length + programs.length
}

function printTexts(out: Output, { hits }: Searched): number {
  section(
    out,
    'Texts',
    hits.flatMap(({ from, to, still, line, context }) => [
      [
        out.path(to.path),
        out.paint('bold', from.version === to.version ? `@${from.version}` : `@${from.version}..@${to.version}`),
        `since ${out.paint('dim', localTime(from.time))}`,
        still ? 'until now' : `until ${out.paint('dim', localTime(to.time))}`,
        out.name(`${line}: ${context}`),
      ],
    ]),
  )
  return hits.length
}

function printGaps(out: Output, { on, behind, coveredFrom, next, damaged }: Searched): void {
  if (damaged) out.note('The index of texts was damaged. It is made anew from the contents; nothing is lost.')
  if (!on) out.note('Texts of this project are not searched: the setting history.search is false.')
  if (behind > 0)
    out.note(`The texts of the newest ${count(behind, 'change')} are not searched yet; --wait waits for them.`)
  if (coveredFrom !== null) {
    out.note(
      `Texts from before ${localTime(coveredFrom)} are not searched: the setting history.search-limit is reached.`,
    )
  }
  if (next !== null) out.note('There is more: name a --limit.')
}

function section(out: Output, title: string, rows: readonly (readonly string[])[]): void {
  if (rows.length === 0) return
  out.line(out.paint('bold', title))
  out.lines(columns(rows).map((line) => `  ${line}`))
}

function positive(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number from 1.')
  return number
}
