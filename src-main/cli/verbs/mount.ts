import { resolve } from 'node:path'
import type { Command } from 'commander'
import { run, verb } from '../verb.ts'

export function addMount(program: Command): void {
  verb(program, {
    usage: 'mount <project> [folder]',
    summary: 'mount a project at a folder, made if it is absent; without a folder, where it was last',
    example: 'ize mount thesis ~/work/thesis',
  }).action(
    run<[string, string | undefined], object>(async ({ cli, options }, project, folder) => {
      const engine = await cli.engine()
      const mounted = await engine.request('projects.mount', {
        project,
        ...(folder === undefined ? {} : { mountPoint: resolve(folder) }),
      })
      if (options.json) return cli.out.json(mounted)
      cli.out.line(`${cli.out.name(project)} is mounted at ${cli.out.name(mounted.mountPoint)}`)
      if (mounted.kept !== null) {
        cli.out.note(`What programs had put there while it was not mounted is now in ${mounted.kept}`)
        cli.out.note(`Take it into the project with: ize adopt ${project}`)
      }
    }),
  )
}

export function addUnmount(program: Command): void {
  verb(program, {
    usage: 'unmount <project>',
    summary: 'end the mount; refused while programs have files open in it',
    example: 'ize unmount thesis',
  })
    .option('--force', 'end it also while files are open; their programs get errors')
    .option('--lazy', 'take it out of sight at once, and let open files end by themselves')
    .action(
      run<[string], { force?: boolean; lazy?: boolean }>(async ({ cli, options }, project) => {
        const engine = await cli.engine()
        // Called from within the mount, this very process would keep it busy.
        process.chdir('/')
        const { mountPoint } = await engine.request('projects.unmount', {
          project,
          force: options.force ?? false,
          lazy: options.lazy ?? false,
        })
        if (options.json) return cli.out.json({ mountPoint })
        cli.out.line(`${cli.out.name(project)} is no longer mounted at ${cli.out.name(mountPoint)}`)
      }),
    )
}
