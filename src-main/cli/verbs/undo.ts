import type { Command } from 'commander'
import { run, verb } from '../verb.ts'
import { printPreview } from './effects.ts'

export function addUndo(program: Command): void {
  verb(program, {
    usage: 'undo <project>',
    summary: 'take the last restore back: what it touched becomes what it was before; again, to take that back',
    example: 'ize undo thesis --dry-run',
  })
    .option('--dry-run', 'only say what would be done')
    .action(
      run<[string], { dryRun?: boolean }>(async ({ cli, options }, name) => {
        const project = await cli.project(name)
        const engine = await cli.engine()
        const dryRun = options.dryRun ?? false
        const done = await engine.request(
          'history.undo',
          { project: project.id, dryRun },
          {
            signal: cli.signal,
            onProgress: ({ done, total }) => cli.out.progress(`Putting back: ${done} of ${total}`),
          },
        )
        cli.out.clearProgress()
        if (options.json) return cli.out.json(done)
        cli.out.line(cli.out.name(done.sentence))
        if (dryRun && done.steps > 0) printPreview(cli.out, done.effects)
      }),
    )
}
