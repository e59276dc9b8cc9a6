import type { Command } from 'commander'
import type { Result } from '../../../src-preload/contract.ts'
import { IzeError } from '../../../src-preload/ize-error.ts'
import { ask } from '../ask.ts'
import { columns, count, localTime, size } from '../format.ts'
import type { Output } from '../output.ts'
import { run, verb } from '../verb.ts'

type Forgotten = Result<'history.forget'>

const STEPS = {
  log: 'Bringing the log into history …',
  check: 'Looking what else leads to these contents …',
  pijul: 'Folding Pijul …',
  store: 'Packing the store anew …',
  search: 'Clearing the search …',
} as const

export function addForget(program: Command): void {
  verb(program, {
    usage: 'forget <project> <path> [versions...]',
    summary: 'remove recorded contents of a file for good; what a file has now stays',
    example: 'ize forget thesis .env --dry-run\nize forget thesis .env\nize forget thesis notes.txt 3 4',
  })
    .option('--dry-run', 'only say what would go')
    .option('-y, --yes', 'do not ask')
    .action(
      run<[string, string, string[]], { dryRun?: boolean; yes?: boolean }>(
        async ({ cli, options }, name, argument, names) => {
          const project = await cli.project(name)
          const target = await cli.target(project, argument)
          const named = [...(target.version === null || target.version === undefined ? [] : [target.version]), ...names]
          const versions = await Promise.all(named.map((version) => cli.version(project, version)))
          const engine = await cli.engine()
          const wish = {
            ...{ project: project.id, path: target.path },
            ...(versions.length === 0 ? {} : { versions }),
          }
          const forget = (dryRun: boolean): Promise<Forgotten> =>
            engine.request(
              'history.forget',
              { ...wish, dryRun },
              { signal: cli.signal, onProgress: ({ step }) => cli.out.progress(STEPS[step]) },
            )
          const plan = await cli.recorded(project, () => forget(true))
          const only = options.dryRun || plan.goes.length === 0
          if (!options.json) print(cli.out, plan, only)
          if (only) return options.json ? cli.out.json(plan) : undefined
          if (!options.yes) await confirm(project.name, argument, cli.signal)
          const done = await forget(false)
          cli.out.clearProgress()
          if (options.json) return cli.out.json(done)
          const versionsGone = count(done.goes.length + done.also.length, 'version')
          cli.out.line(`Forgotten: ${versionsGone}. Copies outside Ize (backups, clones, exports) are not touched.`)
        },
      ),
    )
}

async function confirm(project: string, path: string, signal: AbortSignal): Promise<void> {
  const answer = await ask('This cannot be undone. Type "forget" to go on: ', signal)
  if (answer === null) {
    const how = `say so with: ize forget ${project} ${path} --yes`
    throw new IzeError('E_NOT_CONFIRMED', `Forgetting removes contents for good; ${how}`)
  }
  if (answer.trim() !== 'forget') throw new IzeError('E_NOT_CONFIRMED', 'Nothing was forgotten.')
}

function print(out: Output, { goes, also, stays, already, bytes, warnings }: Forgotten, only: boolean): void {
  const row = ({ path, version, time, size: of }: Forgotten['goes'][number]): string[] => [
    out.paint('bold', `@${version}`),
    out.paint('dim', localTime(time)),
    size(of),
    out.path(path),
  ]
  if (goes.length > 0) {
    out.line(`${only ? 'Would be forgotten' : 'To be forgotten'}, ${size(bytes)}:`)
    out.lines(columns(goes.map(row)))
  } else out.line('Nothing can be forgotten here.')
  if (also.length > 0) {
    out.line('With them, having the same content:')
    out.lines(columns(also.map(row)))
  }
  if (stays.length > 0) {
    out.line('These stay, since a file has their content now; delete or change it first:')
    out.lines(columns(stays.map((one) => [...row(one), `in ${out.path(one.heldBy)}`])))
  }
  if (already > 0) out.line(`${count(already, 'version')} of it ${already === 1 ? 'is' : 'are'} forgotten already.`)
  for (const warning of warnings) out.line(`${out.paint('yellow', 'Note')}: ${out.name(warning)}`)
}
