import { InvalidArgumentError, type Command } from 'commander'
import type { Result } from '../../../src-preload/contract.ts'
import { count, size } from '../format.ts'
import type { Output } from '../output.ts'
import { safeText } from '../terminal.ts'
import { run, verb } from '../verb.ts'
import { printStat, type Versions } from './diff-stat.ts'

type Diff = Result<'history.diff'>
type FileDiff = Result<'history.diff'>['files'][number]

export function addDiff(program: Command): void {
  verb(program, {
    usage: 'diff <project> [path]',
    summary:
      'how a file, a folder or the project differs between two versions: from path@V to --to or the newest; without V, what the newest changed',
    example: 'ize diff thesis notes.txt@3 --to 5\nize diff thesis --at "yesterday 14:00" --stat',
  })
    .option('--at <version>', 'the older version, as in path@V')
    .option('--to <version>', 'the newer version')
    .option('-U, --unified <lines>', 'lines around each difference', lines)
    .option('--stat', 'only what became of each path, and how many lines were added and removed')
    .action(
      run<[string, string | undefined], { at?: string; to?: string; unified?: number; stat?: boolean }>(
        async ({ cli, options }, name, argument = '.') => {
          const project = await cli.project(name)
          const target = await cli.target(project, argument)
          const named = options.at ?? target.version
          const from = named === undefined ? undefined : await cli.version(project, named)
          const to = options.to === undefined ? undefined : await cli.version(project, options.to)
          if (to === undefined) await cli.record(project)
          const versions: Versions = {
            project: project.id,
            path: target.path,
            ...(from === undefined ? {} : { from }),
            ...(to === undefined ? {} : { to }),
          }
          if (options.stat) return printStat(cli, project, versions, options.json ?? false)
          const context = options.unified === undefined ? {} : { context: options.unified }
          const page = async (after?: string): Promise<Diff> => {
            const query = { ...versions, ...context, ...(after === undefined ? {} : { after }) }
            const engine = await cli.engine()
            return cli.recorded(project, () => engine.request('history.diff', query, { signal: cli.signal }))
          }
          const first = await page()
          const files = [...first.files]
          let { more } = first
          // A person is told of the rest, a program gets it.
          while (more > 0 && !cli.out.isTerminal) {
            const next = await page(files.at(-1)?.path)
            files.push(...next.files)
            more = next.more
          }
          if (options.json) return cli.out.json({ files: files.map(jsonDiff), more })
          for (const file of files) await printFile(cli.out, file)
          if (files.every(({ change }) => change.kind === 'same')) cli.out.note('No difference.')
          if (more > 0)
            cli.out.note(
              `${count(more, 'further file')} differ; --stat names them, or write all into a file or a pipe.`,
            )
        },
      ),
    )
}

/** Hunks as text when they are; else base64. */
function jsonDiff({ change, ...file }: FileDiff): object {
  if (change.kind !== 'text') return { ...file, change }
  const bytes = Buffer.from(change.hunks, 'base64')
  const text = bytes.toString()
  const exact = Buffer.from(text).equals(bytes)
  return { ...file, change: { kind: 'text', hunks: exact ? text : null, base64: exact ? null : change.hunks } }
}

async function printFile(out: Output, { path, from, to, change }: FileDiff): Promise<void> {
  if (change.kind === 'same' && from && to) return
  const label = (side: FileDiff['from'], prefix: string): string =>
    side === null ? '/dev/null' : `${prefix}/${out.name(side.path)}\t@${side.version} ${side.time}`
  out.line(out.paint('bold', `--- ${label(from, 'a')}`))
  out.line(out.paint('bold', `+++ ${label(to, 'b')}`))
  switch (change.kind) {
    case 'same':
      return out.line(`${out.name(path)}: ${from ? 'removed' : 'added'}, empty`)
    case 'forgotten':
      return out.line('One of the two contents was forgotten')
    case 'binary':
      return out.line(`Binary contents differ: ${size(change.fromSize)}, then ${size(change.toSize)}`)
    case 'pruned':
      return out.line(out.name(change.message))
    case 'text':
      return printHunks(out, Buffer.from(change.hunks, 'base64'))
  }
}

async function printHunks(out: Output, hunks: Buffer): Promise<void> {
  // Bytes as they are, so that patch(1) takes them; a terminal gets colours and no control characters.
  if (!out.isTerminal) return out.write(hunks)
  const text = safeText(hunks.toString())
  const painted = text.split('\n').map((line) => {
    if (line.startsWith('@@')) return out.paint('cyan', line)
    if (line.startsWith('+')) return out.paint('green', line)
    if (line.startsWith('-')) return out.paint('red', line)
    return line
  })
  return out.write(painted.join('\n'))
}

function lines(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0 || number > 1000)
    throw new InvalidArgumentError('It must be a whole number from 0 to 1000.')
  return number
}
