import type { Command } from 'commander'
import { IzeError } from '../../../src-preload/ize-error.ts'
import { localTime } from '../format.ts'
import { run, verb } from '../verb.ts'

export function addRestore(program: Command): void {
  verb(program, {
    usage: 'restore <project> <path> [version]',
    summary: 'put a version of a file or folder back, as a new version; it can be undone in the same way',
    example: 'ize restore thesis notes.txt 3\nize restore thesis chapters@QJSLCEPIFXMN --exact',
  })
    .option('--at <version>', 'the version, as in path@V')
    .option('--exact', 'in a folder, also remove what is in history and was not there then')
    .action(
      run<[string, string, string | undefined], { at?: string; exact?: boolean }>(
        async ({ cli, options }, name, argument, given) => {
          const project = await cli.project(name)
          const target = await cli.target(project, argument)
          const named = given ?? options.at ?? target.version
          if (named === undefined) {
            throw new IzeError(
              'E_USAGE',
              `Say which version to put back, as in: ize restore ${name} ${argument} <version>. "ize history ${name} ${argument}" lists them.`,
            )
          }
          const version = await cli.version(project, named)
          const engine = await cli.engine()
          const done = await cli.recorded(project, () =>
            engine.request(
              'history.restore',
              { project: project.id, path: target.path, version, exact: options.exact ?? false },
              {
                signal: cli.signal,
                onProgress: ({ done, total }) => cli.out.progress(`Putting back: ${done} of ${total}`),
              },
            ),
          )
          cli.out.clearProgress()
          if (options.json) return cli.out.json(done)
          cli.out.line(cli.out.name(done.sentence))
          if (done.now === null) return
          cli.out.line(`It was of ${localTime(done.restored.time)}, and is now version ${done.now.version}.`)
          const undo = done.type === 'directory' ? done.undo?.slice(0, 20) : String(done.now.version - 1)
          if (undo !== undefined && undo !== '0') {
            cli.out.line(
              `Undo: ize restore ${name} ${target.path === '' ? '.' : cli.out.name(argumentFor(target.path))} ${undo}${done.type === 'directory' ? ' --exact' : ''}`,
            )
          }
        },
      ),
    )
}

/** Quoted for a shell where it must be. */
function argumentFor(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
