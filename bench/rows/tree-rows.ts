import { readFile } from 'node:fs/promises'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Bench } from '../bench.ts'
import { commitSeconds } from '../git.ts'
import { sourceShape } from '../material.ts'
import { run, runOwn, timedRun } from '../processes.ts'
import { sideBySide } from './side-by-side.ts'
import type { Step } from './step.ts'

const answer = z.object({ seconds: z.number() })
/** Bytes of the log for each untarred file without its contents: created, written, owner, mode and times set. */
const RECORDS_PER_FILE = 500

/** What is done with a source tree: untar, stat, commit, remove; and when the untarred files are all in history. */
export async function treeRows(bench: Bench): Promise<void> {
  const { scale } = bench
  const also = bench.wants('history') ? ['untar', 'git'] : []
  const times = await sideBySide(bench, { repeats: scale.repeats, steps: steps(bench) }, also)
  if (!bench.wants('history')) return
  const ext4 = times.median('git', 'ext4') ?? 0
  const untar = times.median('untar', 'ize') ?? 0
  const rest = times.median('untar', 'history') ?? 0
  bench.report({
    row: 'history',
    title: 'untar until all is in history',
    machine: bench.machine,
    load: 'burst',
    unit: 's',
    values: { ext4, ize: untar + rest },
    history: rest,
    target: '≤ 2 × git add + commit on ext4',
    limit: 2 * ext4,
    note: 'on ext4 `git add && git commit` of the same files, without the untar; on Ize from the beginning of the untar',
  })
}

function steps({ scale }: Bench): readonly Step[] {
  const common = { machines: ['idle', 'busy'], cold: 'no', adds: null } as const
  const { files, bytes } = sourceShape(scale.tree)
  const of = files.toLocaleString('en')
  return [
    {
      ...common,
      row: 'untar',
      title: `untar ${of} files`,
      atMost: 0.5,
      needs: [],
      adds: bytes + files * RECORDS_PER_FILE,
      run: async (folder, { material }) => {
        const tar = await material.tar(files)
        await readFile(tar)
        await mkdir(join(folder, 'tree'))
        return timedRun('tar', ['xf', tar, '-C', join(folder, 'tree')])
      },
    },
    {
      ...common,
      row: 'stat',
      title: `stat ${of} files, forgotten`,
      atMost: 1,
      needs: ['untar'],
      cold: 'names',
      run: stat,
    },
    { ...common, row: 'stat-again', title: `stat ${of} files, again`, atMost: 1, needs: ['untar', 'stat'], run: stat },
    {
      ...common,
      row: 'git',
      title: `git add + commit of ${of} files`,
      atMost: 0.8,
      needs: ['untar'],
      run: (folder) => commitSeconds(folder),
    },
    {
      ...common,
      row: 'rm',
      title: `rm -rf of ${of} files`,
      atMost: 1,
      machines: ['idle'],
      needs: ['untar'],
      run: (folder) => timedRun('rm', ['-rf', join(folder, 'tree')]),
    },
  ]

  async function stat(folder: string, { material }: Bench): Promise<number> {
    const { list } = await material.sources(files)
    await run('cat', [list])
    return answer.parse(await runOwn('work', 'stat', join(folder, 'tree'), 0, list)).seconds
  }
}
