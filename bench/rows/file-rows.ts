import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Bench } from '../bench.ts'
import { runOwn } from '../processes.ts'
import { sideBySide } from './side-by-side.ts'
import type { Step } from './step.ts'

const answer = z.object({ seconds: z.number() })
const KiB = 1024
/** A record of the log without its data, about. */
const RECORD = 100

/** Many small operations: creating, saving, short writes. */
export async function fileRows(bench: Bench): Promise<void> {
  const { created, saves, smallWrites, repeats } = bench.scale
  const common = { machines: ['idle', 'busy'], needs: [], cold: 'no' } as const
  const steps: readonly Step[] = [
    {
      ...common,
      row: 'create',
      title: `create ${created.toLocaleString('en')} files of 1 KB`,
      atMost: 1,
      machines: ['idle'],
      adds: created * (KiB + 2 * RECORD),
      run: work('create', created),
    },
    {
      ...common,
      row: 'saves',
      title: `${saves.toLocaleString('en')} saves by write + rename`,
      atMost: 0.5,
      adds: saves * (16 * KiB + 3 * RECORD),
      run: work('saves', saves),
    },
    {
      ...common,
      row: 'small-writes',
      title: `${smallWrites.toLocaleString('en')} writes of 100 bytes`,
      atMost: 1,
      adds: smallWrites * (100 + RECORD),
      run: work('small-writes', smallWrites),
    },
  ]
  await sideBySide(bench, { repeats, steps })
}

/** Large files: one after the other through the same file. */
export async function bigFileRows(bench: Bench): Promise<void> {
  const { bigBytes, randomWrites, bigRepeats } = bench.scale
  const size = `${Math.round(bigBytes / 2 ** 20)} MB`
  const common = { atMost: 1, machines: ['idle', 'busy'] } as const
  const steps: readonly Step[] = [
    {
      ...common,
      row: 'write',
      title: `sequential write of ${size}`,
      needs: [],
      cold: 'no',
      adds: bigBytes,
      run: inBig('write-big', bigBytes),
    },
    {
      ...common,
      row: 'read',
      title: `sequential read of ${size}, forgotten`,
      needs: ['write'],
      cold: 'pages',
      adds: null,
      run: inBig('read-big', bigBytes),
    },
    {
      ...common,
      row: 'random-writes',
      title: `${randomWrites.toLocaleString('en')} writes of 4 KiB over ${size}`,
      needs: ['write'],
      cold: 'no',
      adds: randomWrites * 4 * KiB,
      run: inBig('write-randomly', randomWrites, bigBytes),
    },
  ]
  await sideBySide(bench, { repeats: bigRepeats, steps })
}

function work(kind: string, amount: number): Step['run'] {
  return async (folder) => {
    const own = join(folder, kind)
    await mkdir(own)
    return answer.parse(await runOwn('work', kind, own, amount)).seconds
  }
}

function inBig(kind: string, amount: number, size = 0): Step['run'] {
  return async (folder) => answer.parse(await runOwn('work', kind, folder, amount, size)).seconds
}
