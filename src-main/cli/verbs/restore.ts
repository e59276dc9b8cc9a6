import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Result } from '../../../src-preload/contract.ts'
import { IzeError } from '../../../src-preload/ize-error.ts'
import type { Cli, ProjectSummary } from '../cli.ts'
import { localTime } from '../format.ts'
import { run, verb } from '../verb.ts'
import { printPreview } from './effects.ts'
import { exportTo } from './export.ts'

interface RestoreOptions {
  at?: string
  exact?: boolean
  dryRun?: boolean
  to?: string
  json?: boolean
}

interface Wanted {
  readonly path: string
  readonly version: string
}

export function addRestore(program: Command): void {
  verb(program, {
    usage: 'restore <project> <path> [version]',
    summary: 'put a version of a file, a folder or the project (.) back, as a new version; "ize undo" takes it back',
    example:
      'ize restore thesis notes.txt 3\nize restore thesis chapters@QJSLCEPIFXMN --exact\nize restore thesis . --at "yesterday 14:00" --exact --dry-run',
  })
    .option('--at <version>', 'the version, as in path@V')
    .option('--exact', 'in a folder, also remove what is in history and was not there then')
    .option('--dry-run', 'only say what would be done')
    .option('--to <folder>', 'write it into this new or empty folder outside the project instead')
    .action(
      run<[string, string, string | undefined], RestoreOptions>(async ({ cli, options }, name, argument, given) => {
        const project = await cli.project(name)
        const target = await cli.target(project, argument)
        const named = given ?? options.at ?? target.version
        if (named === undefined) {
          throw new IzeError(
            'E_USAGE',
            `Say which version to put back, as in: ize restore ${name} ${argument} <version>. "ize history ${name} ${argument}" lists them.`,
          )
        }
        if (options.to !== undefined && (options.dryRun || options.exact)) {
          throw new IzeError(
            'E_USAGE',
            'With --to nothing in the project changes: it goes without --dry-run and --exact.',
          )
        }
        const wanted = { path: target.path, version: await cli.version(project, named) }
        if (options.to === undefined) return putBack(cli, project, wanted, options)
        const request = { project: project.id, folder: resolve(options.to), ...wanted }
        return cli.recorded(project, () => exportTo(cli, request, options.json ?? false))
      }),
    )
}

async function putBack(cli: Cli, project: ProjectSummary, wanted: Wanted, options: RestoreOptions): Promise<void> {
  const engine = await cli.engine()
  const { exact = false, dryRun = false } = options
  const done: Result<'history.restore'> = await cli.recorded(project, () =>
    engine.request(
      'history.restore',
      { project: project.id, ...wanted, exact, dryRun },
      { signal: cli.signal, onProgress: ({ done, total }) => cli.out.progress(`Putting back: ${done} of ${total}`) },
    ),
  )
  cli.out.clearProgress()
  if (options.json) return cli.out.json(done)
  cli.out.line(cli.out.name(done.sentence))
  if (dryRun && done.steps > 0) printPreview(cli.out, done.effects)
  if (done.now === null) return
  cli.out.line(`It was of ${localTime(done.restored.time)}, and is now version ${done.now.version}.`)
  cli.out.line(`Undo: ize undo ${cli.out.name(project.name)}`)
}
