import { z } from 'zod'
import type { Bench } from '../bench.ts'
import { settleDisk } from '../machine.ts'
import { openPlace } from '../places.ts'
import { runOwn } from '../processes.ts'
import { quantile } from '../statistics.ts'
import { orderOf } from './step.ts'

const answer = z.object({ milliseconds: z.array(z.number()) })

/** How long a small write and its fsync take while a big file is copied into the same folder. */
export async function syncRow(bench: Bench): Promise<void> {
  if (!bench.wants('sync')) return
  const { bigBytes, bigRepeats } = bench.scale
  const source = await bench.material.big(bigBytes, (folder) => runOwn('work', 'write-big', folder, bigBytes))
  const spent = { ext4: [] as number[], bindfs: [] as number[], ize: [] as number[] }
  for (let repeat = 0; repeat < bigRepeats; repeat++) {
    for (const name of orderOf(repeat)) {
      bench.say(`sync: ${name}, ${repeat + 1} of ${bigRepeats}`)
      const place = await openPlace(name, bench.directory, bench.engine)
      try {
        await settleDisk()
        spent[name].push(
          ...answer.parse(await runOwn('work', 'sync-beside-copy', place.folder, 0, source)).milliseconds,
        )
        await place.settle()
      } finally {
        await place.dispose()
      }
    }
  }
  const p99 = (values: readonly number[]): number => quantile(values, 0.99)
  const ext4 = p99(spent.ext4)
  const counts = `${spent.ext4.length}, ${spent.bindfs.length} and ${spent.ize.length}`
  bench.report({
    row: 'sync',
    title: `p99 of 4 KiB write + fsync beside a copy of ${Math.round(bigBytes / 2 ** 20)} MB`,
    machine: bench.machine,
    load: 'burst',
    unit: 'ms',
    values: { ext4, bindfs: p99(spent.bindfs), ize: p99(spent.ize) },
    history: null,
    target: '< 3 × ext4',
    limit: 3 * ext4,
    note: `of ${counts} writes on ext4, bindfs and Ize`,
  })
}
