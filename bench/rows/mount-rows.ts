import { z } from 'zod'
import type { Bench } from '../bench.ts'
import type { BenchProject } from '../engine.ts'
import { settleDisk } from '../machine.ts'
import { runOwn, timed } from '../processes.ts'
import { median } from '../statistics.ts'

const left = z.object({ operations: z.number() })

/** How long `ize mount` takes when the engine has just been started. */
export async function mountRows(bench: Bench): Promise<void> {
  if (bench.wants('mount')) await mountOfFiles(bench)
  if (bench.wants('mount-waiting')) await mountWithWaiting(bench)
}

async function mountOfFiles(bench: Bench): Promise<void> {
  const { tree, repeats } = bench.scale
  const project = await bench.engine.create((await bench.material.sources(tree)).folder)
  const spent: number[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    bench.say(`mount: ${repeat + 1} of ${repeats}`)
    spent.push(await freshMount(bench, project))
    await project.unmount()
  }
  await project.remove()
  report(bench, 'mount', `mount of ${tree.toLocaleString('en')} files`, spent, 0.5, '')
}

async function mountWithWaiting(bench: Bench): Promise<void> {
  const { waiting, repeats } = bench.scale
  const spent: number[] = []
  let operations = 0
  for (let repeat = 0; repeat < repeats; repeat++) {
    bench.say(`mount-waiting: ${repeat + 1} of ${repeats}`)
    const project = await bench.engine.create()
    await bench.engine.stop()
    operations = left.parse(await runOwn('waiting', project.root, project.point, waiting)).operations
    spent.push(await freshMount(bench, project))
    await project.settle()
    await project.remove()
  }
  const title = `mount with ${waiting.toLocaleString('en')} operations waiting`
  report(bench, 'mount-waiting', title, spent, 2, `${operations.toLocaleString('en')} operations were in the log`)
}

async function freshMount(bench: Bench, project: BenchProject): Promise<number> {
  await bench.engine.restart()
  await settleDisk()
  return timed(() => project.mount())
}

function report(bench: Bench, row: string, title: string, spent: readonly number[], limit: number, note: string): void {
  bench.report({
    row,
    title,
    machine: bench.machine,
    load: 'burst',
    unit: 's',
    values: { ize: median(spent) },
    history: null,
    target: `< ${limit} s`,
    limit,
    note,
  })
}
