import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Params } from '../../../src-preload/contract.ts'
import type { Cli } from '../cli.ts'
import { count, size } from '../format.ts'
import { run, verb } from '../verb.ts'

export function addExport(program: Command): void {
  verb(program, {
    usage: 'export <project> <path> [folder]',
    summary: 'write the project or a part of it, as it is now or was at a version, into a new or empty folder',
    example:
      'ize export thesis ~/thesis-copy\nize export thesis chapters ~/chapters-then --at "last friday"\nize export thesis notes.txt@3 ~/third',
  })
    .usage('[options] <project> [path] <folder>')
    .option('--at <version>', 'as it was at a time, or after a change: path@V')
    .action(
      run<[string, string, string | undefined], { at?: string }>(async ({ cli, options }, name, ...given) => {
        const project = await cli.project(name)
        const [path, folder] = given[1] === undefined ? [null, given[0]] : [given[0], given[1]]
        const target = path === null ? { path: '', version: undefined } : await cli.target(project, path)
        const named = options.at ?? target.version
        const version = named === undefined ? undefined : await cli.version(project, named)
        const request = {
          ...{ project: project.id, folder: resolve(folder) },
          ...(target.path === '' ? {} : { path: target.path }),
          ...(version === undefined ? {} : { version }),
        }
        await cli.recorded(project, () => exportTo(cli, request, options.json ?? false))
      }),
    )
}

/** Writes it and says how much it was. */
export async function exportTo(cli: Cli, request: Params<'projects.export'>, json: boolean): Promise<void> {
  const engine = await cli.engine()
  const done = await engine.request('projects.export', request, {
    signal: cli.signal,
    onProgress: ({ files, bytes }) => cli.out.progress(`Writing: ${count(files, 'file')}, ${size(bytes)}`),
  })
  cli.out.clearProgress()
  if (json) return cli.out.json(done)
  for (const { path, why } of done.incomplete) cli.out.note(`Not written as it was: ${path} (${why})`)
  cli.out.line(`Wrote ${count(done.files, 'file')}, ${size(done.bytes)}, to ${cli.out.name(done.folder)}`)
}
