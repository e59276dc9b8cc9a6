import type { Command } from 'commander'
import { packageVersion } from '../../../src-preload/build-version.ts'
import { run, verb } from '../verb.ts'

export function addVersion(program: Command): void {
  verb(program, { usage: 'version', summary: 'print the version of Ize', example: 'ize version' }).action(
    run<[], object>(async ({ cli, options }) => {
      if (options.json) cli.out.json({ version: packageVersion })
      else cli.out.line(`ize ${packageVersion}`)
    }),
  )
}
