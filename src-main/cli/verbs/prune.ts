import { InvalidArgumentError, type Command } from 'commander'
import type { Result } from '../../../src-preload/contract.ts'
import { count, localTime, size } from '../format.ts'
import { run, verb } from '../verb.ts'
import { packingText } from './gc.ts'

type Pruned = Result<'history.prune'>

interface PruneOptions {
  readonly dryRun?: boolean
  readonly keep?: string
  readonly limit?: number
}

export function addPrune(program: Command): void {
  verb(program, {
    usage: 'prune <project>',
    summary: 'let go of old versions, as the setting retention.keep says: for good',
    example:
      'ize prune thesis --dry-run --keep "30 days, daily for 1 year, weekly"\nize config set retention.keep "90 days, 10 versions" --project thesis\nize prune thesis',
  })
    .option('--dry-run', 'only say what would go')
    .option('--keep <rules>', 'what stays, this time: "all", or rules such as "30 days, 20 versions, weekly"')
    .option('--limit <bytes>', 'bytes the store is to have at most, this time; 0 for no limit', whole)
    .action(
      run<[string], PruneOptions>(async ({ cli, options }, name) => {
        const project = await cli.project(name)
        await cli.record(project)
        const engine = await cli.engine()
        const { dryRun = false, keep, limit } = options
        const pruned = await engine.request(
          'history.prune',
          {
            project: project.id,
            dryRun,
            ...(keep === undefined ? {} : { keep }),
            ...(limit === undefined ? {} : { limit }),
          },
          { signal: cli.signal, onProgress: (step) => cli.out.progress(packingText(step)) },
        )
        cli.out.clearProgress()
        if (options.json) return cli.out.json(pruned)
        cli.out.lines(sentences(pruned, dryRun))
      }),
    )
}

function sentences(
  { keep, versions, files, bytes, disk, kept, oldest, packed, folded, due }: Pruned,
  dryRun: boolean,
): string[] {
  const stays =
    oldest === null
      ? 'There are no versions.'
      : `${count(kept, 'version')} stay; the oldest is of ${localTime(oldest)}.`
  const late = due === null ? [] : [due]
  if (versions === 0) return [`Nothing is to go: ${keep}.`, ...late, stays]
  const what = `${count(versions, 'version')} of ${count(files, 'file')}, ${size(bytes)} of contents`
  if (!packed) {
    const would = dryRun ? 'would go' : 'go'
    return [`${what}, ${would}: about ${size(disk)} on the disk.`, ...late, stays]
  }
  const short = folded === 0 ? [] : [`${count(folded, 'change')} of Pijul became one.`]
  return [`${what}, are gone: the store had ${size(packed.before)} and has ${size(packed.after)}.`, ...short, stays]
}

function whole(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number of bytes.')
}
