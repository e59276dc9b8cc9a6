import type { Command } from 'commander'
import { run, verb } from '../verb.ts'

export function addRename(program: Command): void {
  verb(program, {
    usage: 'rename <project> <name>',
    summary: 'give a project another name; its mount, files and history stay as they are',
    example: 'ize rename thesis "thesis 2026"',
  }).action(
    run<[string, string], object>(async ({ cli, options }, project, name) => {
      const engine = await cli.engine()
      const renamed = await engine.request('projects.rename', { project, name })
      if (options.json) return cli.out.json(renamed)
      cli.out.line(`${cli.out.name(project)} is now ${cli.out.name(renamed.name)}`)
    }),
  )
}
