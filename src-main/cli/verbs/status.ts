import type { Command } from 'commander'
import type { Result } from '../../../src-preload/contract.ts'
import type { Output } from '../output.ts'
import { columns, count, duration, localTime, size } from '../format.ts'
import { run, verb } from '../verb.ts'

export function addStatus(program: Command): void {
  verb(program, {
    usage: 'status <project>',
    summary: 'what is saved, what waits to come into history, and what has no history',
    example: 'ize status thesis',
  })
    .option('--wait', 'first wait until everything that was saved is in history')
    .action(
      run<[string], { wait?: boolean }>(async ({ cli, options }, project) => {
        const engine = await cli.engine()
        const status = await engine.request(
          options.wait ? 'projects.flush' : 'projects.status',
          { project },
          { signal: cli.signal },
        )
        if (options.json) return cli.out.json(status)
        cli.out.lines(statusLines(cli.out, status))
      }),
    )
}

export function addList(program: Command): void {
  verb(program, { usage: 'list', summary: 'all projects and where they are mounted', example: 'ize list' }).action(
    run<[], object>(async ({ cli, options }) => {
      const engine = await cli.engine()
      const { projects } = await engine.request('projects.list', {})
      if (options.json) return cli.out.json(projects)
      if (projects.length === 0) return cli.out.line('No projects yet. Make one with: ize init <name> --from <folder>')
      const rows = projects.map(({ name, mounted, mountPoint, problem }) => [
        cli.out.paint('bold', cli.out.name(name)),
        mounted ? cli.out.paint('green', 'mounted') : 'not mounted',
        cli.out.name(mountPoint ?? ''),
        problem === null ? '' : cli.out.paint('red', cli.out.name(problem)),
      ])
      cli.out.lines(columns(rows))
    }),
  )
}

function searchText({ on, behind }: NonNullable<Result<'projects.status'>['search']>): string {
  if (!on) return 'names only: the setting history.search is false'
  return behind === 0 ? 'all that is in history' : `behind by ${count(behind, 'change')}`
}

function statusLines(out: Output, status: Result<'projects.status'>): string[] {
  const { pending, log, inHistoryUpTo } = status
  const waiting =
    pending.operations === 0
      ? 'nothing'
      : `${count(pending.operations, 'operation')}, ${size(pending.bytes)}, for ${duration(pending.age)}${log.parked > 0 ? `; ${count(log.parked, 'program')} wait for room` : ''}`
  const rows = [
    ['Saved', 'everything your programs have written'],
    ['Waiting', waiting],
    ['In history', inHistoryUpTo === null ? 'nothing yet' : `up to ${localTime(inHistoryUpTo)}`],
    ...(status.pausedUntil === null
      ? []
      : [['Paused', `until ${localTime(status.pausedUntil)}; "ize resume" goes on`]]),
    ['Recorder', status.recorder === 'stopped' ? out.paint('red', 'stopped') : status.recorder],
    ...(status.search === null ? [] : [['Search', searchText(status.search)]]),
    ...(status.upkeep === null ? [] : [['Upkeep', `${status.upkeep}, as the settings say`]]),
    ...(status.pruneDue === null ? [] : [[out.paint('yellow', 'Room'), status.pruneDue]]),
    ['No history', out.name(status.unversioned.join('  '))],
    ...(status.problem === null ? [] : [[out.paint('red', 'Problem'), out.name(status.problem)]]),
  ]
  const where = status.mounted ? `mounted at ${out.name(status.mountPoint ?? '')}` : 'not mounted'
  return [`${out.paint('bold', out.name(status.name))}  ${where}`, ...columns(rows).map((line) => `  ${line}`)]
}
