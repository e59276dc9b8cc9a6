import type { Command } from 'commander'
import { IzeError } from '../../../src-preload/ize-error.ts'
import { ask } from '../ask.ts'
import { count, size } from '../format.ts'
import { run, verb } from '../verb.ts'

export function addStopRemembering(program: Command): void {
  verb(program, {
    usage: 'stop-remembering <project>',
    summary: 'turn a project back into a plain folder where it is mounted; its history goes, for good',
    example: 'ize stop-remembering thesis',
  })
    .option('-y, --yes', 'do not ask')
    .action(
      run<[string], { yes?: boolean }>(async ({ cli, options }, name) => {
        const project = await cli.project(name)
        if (!options.yes) {
          const place = project.mountPoint ?? 'its place'
          const question = `The files of "${project.name}" stay at ${place}; their history goes. Type its name to go on: `
          const answer = await ask(question, cli.signal)
          if (answer === null)
            throw new IzeError(
              'E_NOT_CONFIRMED',
              `The whole history of ${project.name} would go; say so with: ize stop-remembering ${project.name} --yes`,
            )
          if (answer.trim() !== project.name) throw new IzeError('E_NOT_CONFIRMED', `${project.name} is kept.`)
        }
        const engine = await cli.engine()
        // Called from within the mount, this very process would keep it busy.
        process.chdir('/')
        const left = await engine.request(
          'projects.stopRemembering',
          { project: project.id },
          {
            signal: cli.signal,
            onProgress: ({ files, bytes }) => {
              if (!options.json) cli.out.progress(`Writing: ${count(files, 'file')}, ${size(bytes)}`)
            },
          },
        )
        cli.out.clearProgress()
        if (options.json) return cli.out.json(left)
        cli.out.line(
          `${cli.out.name(left.folder)} is a plain folder again: ${count(left.files, 'file')}, ${size(left.bytes)}, compared byte for byte.`,
        )
      }),
    )
}
