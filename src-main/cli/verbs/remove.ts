import type { Command } from 'commander'
import { IzeError } from '../../../src-preload/ize-error.ts'
import { ask } from '../ask.ts'
import { run, verb } from '../verb.ts'

export function addRemove(program: Command): void {
  verb(program, {
    usage: 'remove <project>',
    summary: 'delete a project with its whole history, for good',
    example: 'ize export thesis ~/thesis-last-state && ize remove thesis',
  })
    .option('-y, --yes', 'do not ask')
    .action(
      run<[string], { yes?: boolean }>(async ({ cli, options }, name) => {
        const project = await cli.project(name)
        if (!options.yes) {
          const question = `This deletes all files of "${project.name}" and their whole history. Type its name to go on: `
          const answer = await ask(question, cli.signal)
          if (answer === null)
            throw new IzeError(
              'E_NOT_CONFIRMED',
              `Removing ${project.name} deletes its files and their whole history; say so with: ize remove ${project.name} --yes`,
            )
          if (answer.trim() !== project.name) throw new IzeError('E_NOT_CONFIRMED', `${project.name} is kept.`)
        }
        const engine = await cli.engine()
        // Called from within the mount, this very process would keep it busy.
        process.chdir('/')
        await engine.request('projects.remove', { project: project.id }, { signal: cli.signal })
        if (options.json) return cli.out.json({ removed: project.name })
        cli.out.line(`Removed ${cli.out.name(project.name)}`)
      }),
    )
}
