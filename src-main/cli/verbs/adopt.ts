import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Result } from '../../../src-preload/contract.ts'
import { count, localTime, size } from '../format.ts'
import type { Output } from '../output.ts'
import { run, verb } from '../verb.ts'

type Found = Result<'projects.found'>
type Adopted = Result<'projects.adopt'>

export function addAdopt(program: Command): void {
  verb(program, {
    usage: 'adopt <project> [folder]',
    summary: 'take in what programs put at the mount point while the project was not mounted',
    example: 'ize adopt thesis --dry-run\nize adopt thesis',
  })
    .option('--dry-run', 'only say what was found')
    .action(
      run<[string, string | undefined], { dryRun?: boolean }>(async ({ cli, options }, name, folder) => {
        const project = await cli.project(name)
        const engine = await cli.engine()
        const about = await engine.request('projects.found', { project: project.id })
        if (options.dryRun) return options.json ? cli.out.json(about) : tell(cli.out, about, project.name)
        const folders = folder === undefined ? about.found.map((one) => one.folder) : [resolve(folder)]
        const done: Adopted[] = []
        for (const from of folders) {
          cli.out.progress(`Taking in ${from} …`)
          done.push(
            await engine.request('projects.adopt', { project: project.id, folder: from }, { signal: cli.signal }),
          )
        }
        cli.out.clearProgress()
        if (options.json) return cli.out.json(done)
        if (done.length === 0) return tell(cli.out, about, project.name)
        for (const one of done) report(cli.out, one)
      }),
    )
}

function tell(out: Output, { found, waiting }: Found, project: string): void {
  for (const { folder, since, files, bytes } of found)
    out.line(`${out.name(folder)}: ${count(files, 'file')}, ${size(bytes)}, found ${localTime(since)}`)
  if (waiting) {
    const others = waiting.more > 0 ? ` and ${count(waiting.more, 'other')}` : ''
    const names = waiting.names.map((each) => out.name(each)).join(', ')
    out.line(`At the mount point: ${names}${others}. Mount the project, then: ize adopt ${out.name(project)}`)
  }
  if (found.length === 0 && !waiting) out.line('Nothing was found at the mount point.')
}

function report(out: Output, { taken, same, renamed, moved }: Adopted): void {
  const known = same === 0 ? '' : `, ${count(same, 'file')} the project has already`
  out.line(`Taken in: ${count(taken, 'path')}${known}. The originals are kept as ${out.name(moved)}`)
  if (renamed.length > 0) out.line('These names were taken, so they stand beside:')
  for (const { path, as } of renamed) out.line(`  ${out.path(path)} as ${out.path(as)}`)
}
