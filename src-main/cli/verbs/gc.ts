import type { Command } from 'commander'
import type { Progress } from '../../../src-preload/contract.ts'
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
      const { before, after, objects } = await engine.request(
        'projects.gc',
        { project: project.id },
        { signal: cli.signal, onProgress: (step) => cli.out.progress(packingText(step)) },
      )
      cli.out.clearProgress()
      if (options.json) return cli.out.json({ before, after, objects })
      cli.out.line(`${size(before)} became ${size(after)}, with ${count(objects, 'object')} in it.`)
    }),
  )
}

/** How far a packing of the store is. */
export function packingText({ phase, done, total }: Progress<'history.prune'>): string {
  const share = total === null || total === 0 ? '' : ` ${Math.floor((Math.min(done, total) / total) * 100)} %`
  switch (phase) {
    case 'plan':
      return 'Looking what stays …'
    case 'mark':
      return `Going through the seals:${share}`
    case 'pack':
      return `Packing:${share}`
  }
}
