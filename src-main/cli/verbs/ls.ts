import type { Command } from 'commander'
import { IzeError } from '../../../src-preload/ize-error.ts'
import type { Params, Result } from '../../../src-preload/contract.ts'
import type { Cli } from '../cli.ts'
import { columns, localTime, size } from '../format.ts'
import type { Output } from '../output.ts'
import { run, verb } from '../verb.ts'
import { entryRow, pages } from './history.ts'

type Entry = Result<'history.tree'>['entries'][number]
type Query = Omit<Params<'history.tree'>, 'after' | 'limit'>

interface LsOptions {
  at?: string
  long?: boolean
  recursive?: boolean
  deleted?: boolean
}

const PAGE = 1000

export function addLs(program: Command): void {
  verb(program, {
    usage: 'ls <project> [path]',
    summary: 'what is in the project or a folder of it, or was in it at a version; of what has a history',
    example: 'ize ls thesis chapters --at "last friday" -l\nize ls thesis --deleted',
  })
    .option('--at <version>', 'as it was at a time, or after a change: path@V')
    .option('-l, --long', 'with mode, size and time')
    .option('-r, --recursive', 'also what is in the folders below')
    .option('--deleted', 'what is gone, newest first, with when and by whom')
    .action(
      run<[string, string | undefined], LsOptions>(async ({ cli, options }, name, argument = '.') => {
        const project = await cli.project(name)
        const target = await cli.target(project, argument)
        const named = options.at ?? target.version
        if (options.deleted) {
          if (named !== undefined || options.recursive || options.long) {
            throw new IzeError('E_USAGE', 'What is gone is listed as of now: --deleted goes with no other option.')
          }
          await cli.record(project)
          return listDeleted(cli, { project: project.id, path: target.path }, options.json ?? false)
        }
        const version = named === undefined ? undefined : await cli.version(project, named)
        if (version === undefined) await cli.record(project)
        const query: Query = {
          project: project.id,
          path: target.path,
          deep: options.recursive ?? false,
          ...(version === undefined ? {} : { version }),
        }
        const top = target.path === '' ? '' : `${target.path}/`
        let printed = 0
        for await (const entries of tree(cli, query)) {
          if (options.json) {
            for (const entry of entries)
              await cli.out.write(`${printed++ === 0 ? '[\n' : ',\n'}  ${JSON.stringify(entry)}`)
          } else {
            const rows = entries.map((entry) => [
              ...(options.long ? facts(cli.out, entry) : []),
              nameOf(cli.out, entry, top),
            ])
            cli.out.lines(columns(rows))
            printed += rows.length
          }
        }
        if (options.json) return cli.out.write(printed === 0 ? '[]\n' : '\n]\n')
        if (printed === 0) cli.out.note('Nothing is in it.')
      }),
    )
}

async function* tree(cli: Cli, query: Query): AsyncGenerator<Entry[]> {
  const engine = await cli.engine()
  let after: string | null = null
  do {
    const page: Result<'history.tree'> = await engine.request(
      'history.tree',
      { ...query, limit: PAGE, ...(after === null ? {} : { after }) },
      { signal: cli.signal },
    )
    yield page.entries
    after = page.next
  } while (after !== null)
}

async function listDeleted(cli: Cli, of: { project: string; path: string }, json: boolean): Promise<void> {
  const entries = []
  for await (const page of pages(cli, { ...of, filter: { deleted: 'gone' } }, Infinity)) entries.push(...page)
  if (json) return cli.out.json(entries)
  if (entries.length === 0) return cli.out.note('Nothing is gone.')
  // The version before its deletion is the one to put back.
  cli.out.lines(columns(entries.map((entry) => entryRow(cli.out, entry).toSpliced(2, 2))))
}

/** A path below what was listed, a folder with a slash behind it. */
function nameOf(out: Output, { path, type, target }: Entry, top: string): string {
  const name = out.name(path.startsWith(top) ? path.slice(top.length) : path)
  if (type === 'directory') return out.paint('bold', `${name}/`)
  return target === null ? name : `${name} → ${out.name(target)}`
}

function facts(out: Output, { type, mode, size: bytes, mtime, version, pruned }: Entry): string[] {
  return [
    modeText(type, mode),
    type === 'file' && bytes !== null ? size(bytes) : '',
    out.paint('dim', mtime === null ? '' : localTime(mtime)),
    `@${version}`,
    pruned === null ? '' : out.paint('yellow', 'pruned'),
  ]
}

const LETTERS = { file: '-', directory: 'd', symlink: 'l', special: 's' } as const

/** As ls(1) writes it. */
function modeText(type: Entry['type'], mode: number | null): string {
  if (mode === null) return `${LETTERS[type]}?????????`
  const bits = [...'rwxrwxrwx'].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-'))
  const special = [
    [0o4000, 2, 's'],
    [0o2000, 5, 's'],
    [0o1000, 8, 't'],
  ] as const
  for (const [bit, at, letter] of special) {
    if (mode & bit) bits[at] = bits[at] === 'x' ? letter : letter.toUpperCase()
  }
  return LETTERS[type] + bits.join('')
}
