import type { Command } from 'commander'
import { columns, count, size } from '../format.ts'
import { run, verb } from '../verb.ts'

const LARGEST = 10

export function addSize(program: Command): void {
  verb(program, {
    usage: 'size <project>',
    summary: 'what the project takes on the disk, what its versions cost, and the largest files',
    example: 'ize size thesis',
  }).action(
    run<[string], object>(async ({ cli, options }, name) => {
      const project = await cli.project(name)
      const engine = await cli.engine()
      const report = await engine.request(
        'projects.size',
        { project: project.id, limit: LARGEST },
        { signal: cli.signal },
      )
      if (options.json) return cli.out.json(report)
      const { working, log, store, pijul, index, search, versions, contents, pruned, forgotten, largest } = report
      const total = working + log + store + pijul + index + search
      const rows = [
        ['Files', size(working), 'as they are now'],
        ['Waiting', size(log), 'the operation log'],
        ['Store', size(store), `${count(versions, 'version')}, ${size(contents)} of contents that are kept`],
        ['Pijul', size(pijul), 'its repository'],
        ['Index', size(index + search), search > 0 ? `${size(search)} of it for the search in texts` : ''],
        ['Together', size(total), ''],
      ]
      cli.out.lines(columns(rows))
      for (const [what, { versions: gone, bytes }] of Object.entries({ pruned, forgotten })) {
        if (gone > 0)
          cli.out.line(`The contents of ${count(gone, 'version')} were ${what}: ${size(bytes)} that are not kept.`)
      }
      if (largest.length === 0) return
      cli.out.line()
      cli.out.line('Most in the versions that are kept:')
      cli.out.lines(
        columns(
          largest.map((file) => [`  ${size(file.bytes)}`, count(file.versions, 'version'), cli.out.path(file.path)]),
        ),
      )
    }),
  )
}
