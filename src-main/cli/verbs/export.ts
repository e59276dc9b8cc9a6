import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Params } from '../../../src-preload/contract.ts'
import type { Cli } from '../cli.ts'
import { count, size } from '../format.ts'
import { run, verb } from '../verb.ts'

export function addExport(program: Command): void {
  verb(program, {
    usage: 'export <project> <folder>',
    summary: 'write the project as it is now, or was at a version, into a new or empty folder',
    example: 'ize export thesis ~/thesis-copy',
  })
    .option('--at <version>', 'as the project was at a time, or after a change: its number or hash')
    .action(
      run<[string, string], { at?: string }>(async ({ cli, options }, name, folder) => {
        const project = await cli.project(name)
        const version = options.at === undefined ? undefined : await cli.version(project, options.at)
        const request = { project: project.id, folder: resolve(folder), ...(version === undefined ? {} : { version }) }
        await exportTo(cli, request, options.json ?? false)
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
