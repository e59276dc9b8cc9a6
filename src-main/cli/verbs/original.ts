import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Result } from '../../../src-preload/contract.ts'
import { IzeError } from '../../../src-preload/ize-error.ts'
import { ask } from '../ask.ts'
import { count, localTime, size } from '../format.ts'
import type { Output } from '../output.ts'
import { run, verb } from '../verb.ts'

type Before = NonNullable<Result<'projects.beforeIze'>['before']>

export function addOriginal(program: Command): void {
  verb(program, {
    usage: 'original <project>',
    summary: 'look at the original of a project that took its place, and move or delete it',
    example: 'ize original thesis\nize original thesis --move ~/attic\nize original thesis --delete',
  })
    .option('--delete', 'delete it; refused when something in it was changed since')
    .option('--move <folder>', 'move it into this folder; it is yours then')
    .option('-y, --yes', 'do not ask')
    .action(
      run<[string], { delete?: boolean; move?: string; yes?: boolean }>(async ({ cli, options }, name) => {
        if (options.delete && options.move !== undefined)
          throw new IzeError('E_USAGE', 'Use either --delete or --move: each is the end of it here.')
        const project = await cli.project(name)
        const engine = await cli.engine()
        const wish = { project: project.id }
        if (options.move !== undefined) {
          const into = resolve(options.move)
          const done = await engine.request('projects.moveBeforeIze', { ...wish, into }, { signal: cli.signal })
          return options.json ? cli.out.json(done) : cli.out.line(`Moved to ${cli.out.name(done.moved)}`)
        }
        const { before } = await engine.request('projects.beforeIze', wish, { signal: cli.signal })
        if (!options.delete || !before) {
          if (options.json) return cli.out.json({ before })
          if (!before) return cli.out.line(`${cli.out.name(project.name)} has no original that is kept beside it.`)
          return tell(cli.out, before)
        }
        if (!options.yes) await confirm(project.name, before, cli.signal)
        const done = await engine.request('projects.removeBeforeIze', wish, { signal: cli.signal })
        if (options.json) return cli.out.json(done)
        cli.out.line(`Deleted: ${cli.out.name(done.removed)}`)
      }),
    )
}

async function confirm(project: string, { folder, files, bytes }: Before, signal: AbortSignal): Promise<void> {
  const answer = await ask(
    `${folder} would be deleted: ${count(files, 'file')}, ${size(bytes)}. Type "delete" to go on: `,
    signal,
  )
  if (answer === null)
    throw new IzeError('E_NOT_CONFIRMED', `${folder} would go; say so with: ize original ${project} --delete --yes`)
  if (answer.trim() !== 'delete') throw new IzeError('E_NOT_CONFIRMED', `${folder} is kept.`)
}

function tell(out: Output, { folder, since, state, files, bytes, changed, more }: Before): void {
  if (state === 'gone') return out.line(`${out.name(folder)} is not there any more.`)
  out.line(`${out.name(folder)}: ${count(files, 'file')}, ${size(bytes)}, kept since ${localTime(since)}`)
  if (state === 'same')
    return out.line('All of it was in the project when it took this place, and nothing in it was changed since.')
  out.line('Something in it was changed since all of it was in the project:')
  for (const path of changed) out.line(`  ${out.path(path)}`)
  if (more > 0) out.line(`  and ${count(more, 'other')}`)
  if (changed.length === 0) out.line('  something was renamed or removed')
}
