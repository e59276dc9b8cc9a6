import type { Command } from 'commander'
import { count, size } from '../format.ts'
import { run, verb } from '../verb.ts'

export function addGc(program: Command): void {
  verb(program, {
    usage: 'gc <project>',
    summary: 'pack the store anew: smaller, and without what nothing refers to; no version is lost',
    example: 'ize gc thesis',
  }).action(
    run<[string], object>(async ({ cli, options }, name) => {
      const project = await cli.project(name)
      const engine = await cli.engine()
      cli.out.progress('Packing …')
      const { before, after, objects } = await engine.request(
        'projects.gc',
        { project: project.id },
        { signal: cli.signal },
      )
      cli.out.clearProgress()
      if (options.json) return cli.out.json({ before, after, objects })
      cli.out.line(`${size(before)} became ${size(after)}, with ${count(objects, 'object')} in it.`)
    }),
  )
}
