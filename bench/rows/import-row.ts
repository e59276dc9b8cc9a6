import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import { commitSeconds } from '../git.ts'
import { settleDisk } from '../machine.ts'
import { timed } from '../processes.ts'
import { median } from '../statistics.ts'

/** `ize init --from` beside `git add && git commit` of the same folder on ext4. */
export async function importRow(bench: Bench): Promise<void> {
  if (!bench.wants('import')) return
  const { importFiles: files, importBytes: bytes, repeats } = bench.scale
  const { folder } = await bench.material.tree({ files, bytes })
  const git: number[] = []
  const ize: number[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    bench.say(`import: ${repeat + 1} of ${repeats}`)
    const turns = [async () => git.push(await byGit(bench, folder)), async () => ize.push(await byIze(bench, folder))]
    for (const turn of repeat % 2 === 0 ? turns : turns.reverse()) {
      await settleDisk()
      await turn()
    }
  }
  const ext4 = median(git)
  bench.report({
    row: 'import',
    title: `import of ${files.toLocaleString('en')} files, ${Math.round(bytes / 2 ** 20)} MB`,
    machine: bench.machine,
    load: 'burst',
    unit: 's',
    values: { ext4, ize: median(ize) },
    history: null,
    target: '≤ 2 × git add + commit on ext4',
    limit: 2 * ext4,
    note: 'on ext4 `git add && git commit` of the same folder',
  })
}

async function byGit(bench: Bench, folder: string): Promise<number> {
  const repository = join(bench.directory, 'import.git')
  const seconds = await commitSeconds(folder, repository)
  await rm(repository, { recursive: true })
  return seconds
}

async function byIze({ engine }: Bench, folder: string): Promise<number> {
  let name = ''
  const seconds = await timed(async () => {
    name = (await engine.create(folder)).name
  })
  await engine.ask('projects.remove', { project: name })
  return seconds
}
