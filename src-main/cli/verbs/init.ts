import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Progress, Result } from '../../../src-preload/contract.ts'
import { IzeError } from '../../../src-preload/ize-error.ts'
import type { Cli } from '../cli.ts'
import { count, size } from '../format.ts'
import { run, verb } from '../verb.ts'

export function addInit(program: Command): void {
  verb(program, {
    usage: 'init <project>',
    summary: 'make a project, empty or from a folder',
    example: 'ize init thesis --from ~/thesis',
  })
    .option('--from <folder>', 'copy this folder into the project, as its first version; the folder stays as it is')
    .option(
      '--in-place <folder>',
      'make it of this folder and mount it there; the folder is kept beside as <folder>.before-ize',
    )
    .action(
      run<[string], { from?: string; inPlace?: string }>(async ({ cli, options }, name) => {
        if (options.inPlace !== undefined) {
          if (options.from !== undefined)
            throw new IzeError('E_USAGE', 'Use either --from or --in-place: both name the folder to import.')
          return initInPlace(cli, name, resolve(options.inPlace), options.json ?? false)
        }
        const made = await initProject(
          cli,
          name,
          options.from === undefined ? undefined : resolve(options.from),
          !options.json,
        )
        if (options.json) return cli.out.json(made)
        const { project, imported } = made
        cli.out.line(
          imported
            ? `Made ${cli.out.name(project.name)}: ${count(imported.files, 'file')}, ${size(imported.bytes)}.`
            : `Made ${cli.out.name(project.name)}, empty.`,
        )
        cli.out.line(`Mount it with: ize mount ${cli.out.name(project.name)} <folder>`)
      }),
    )
}

async function initInPlace(cli: Cli, name: string, from: string, json: boolean): Promise<void> {
  const engine = await cli.engine()
  // Called from within the folder, this very process would be left in the original.
  process.chdir('/')
  const made = await engine.request(
    'projects.initInPlace',
    { name, from },
    { signal: cli.signal, onProgress: (step) => (json ? undefined : tell(cli, step)) },
  )
  cli.out.clearProgress()
  if (json) return cli.out.json(made)
  for (const { path, why } of made.imported?.incomplete ?? []) cli.out.note(`Not imported as it is: ${path} (${why})`)
  const { project, imported, mountPoint, before } = made
  const what = imported ? `: ${count(imported.files, 'file')}, ${size(imported.bytes)}` : ''
  cli.out.line(`Made ${cli.out.name(project.name)}${what}. It is mounted at ${cli.out.name(mountPoint)}`)
  cli.out.line(`The original is kept as it was: ${cli.out.name(before)}`)
}

/** Makes a project and tells meanwhile, on standard error, what is found and how far it is. */
export async function initProject(
  cli: Cli,
  name: string,
  from: string | undefined,
  talk: boolean,
): Promise<Result<'projects.init'>> {
  const engine = await cli.engine()
  const onProgress = (step: Progress<'projects.init'>): void => {
    if (talk) tell(cli, step)
  }
  const made = await engine.request(
    'projects.init',
    { name, ...(from === undefined ? {} : { from }) },
    { signal: cli.signal, onProgress },
  )
  cli.out.clearProgress()
  if (talk)
    for (const { path, why } of made.imported?.incomplete ?? []) cli.out.note(`Not imported as it is: ${path} (${why})`)
  return made
}

const SHOWN = 8

function tell({ out }: Cli, step: Progress<'projects.init'>): void {
  switch (step.phase) {
    case 'scan':
      return out.progress(`Looking: ${count(step.files, 'file')}, ${size(step.bytes)}`)
    case 'plan': {
      out.note(
        `Found ${count(step.files, 'file')}, ${size(step.bytes)}. Space needed: up to ${size(step.needed)}; free: ${size(step.free)}.`,
      )
      const { unversioned } = step
      if (unversioned.length === 0) return
      const more = unversioned.length > SHOWN ? ` and ${unversioned.length - SHOWN} more` : ''
      return out.note(`Copied, but without history: ${unversioned.slice(0, SHOWN).join(', ')}${more}`)
    }
    case 'copy':
      return out.progress(
        `Copying: ${step.files.toLocaleString('en')} of ${count(step.totalFiles, 'file')}, ${size(step.bytes)} of ${size(step.totalBytes)}${percent(step.bytes, step.totalBytes)}`,
      )
    case 'record':
      return out.progress(`Recording ${count(step.totalFiles, 'file')} …`)
  }
}

function percent(done: number, total: number): string {
  return total > 0 ? ` (${Math.floor((100 * done) / total)} %)` : ''
}
