import type { Command } from 'commander'
import { run, verb } from '../verb.ts'

export function addSeal(program: Command): void {
  verb(program, {
    usage: 'seal <project>',
    summary: 'seal the project as it is now, once all that was saved is in history, and print the name of the seal',
    example: 'ize seal thesis -m "As sent to the referees"',
  })
    .option('-m, --message <text>', 'what it is, shown in the history', '')
    .action(
      run<[string], { message: string }>(async ({ cli, options }, name) => {
        const project = await cli.project(name)
        const engine = await cli.engine()
        cli.out.progress('Waiting until what was saved is in history …')
        const made = await engine.request(
          'seals.make',
          { project: project.id, message: options.message },
          { signal: cli.signal },
        )
        cli.out.clearProgress()
        if (options.json) cli.out.json(made)
        else cli.out.line(made.seal.name)
      }),
    )
}
