import type { Bench } from '../bench.ts'
import type { Load, PlaceName } from '../figure.ts'
import { dropCaches, settleDisk } from '../machine.ts'
import { openPlace, type Place } from '../places.ts'
import { median } from '../statistics.ts'
import { orderOf, stepsFor, type Step, type Suite } from './step.ts'

/** Seconds of each step in each place, and Ize's seconds until the work was in history. */
export class Times {
  private readonly seconds = new Map<string, number[]>()

  add(row: string, what: PlaceName | 'history', seconds: number): void {
    const key = `${row} ${what}`
    this.seconds.set(key, [...(this.seconds.get(key) ?? []), seconds])
  }

  median(row: string, what: PlaceName | 'history'): number | undefined {
    const found = this.seconds.get(`${row} ${what}`)
    return found && median(found)
  }
}

/** The least that `log.limit-bytes` may be. */
const LEAST_BOUND = 2 ** 20

/**
 * Runs a suite in all places, round and round, then once more on Ize with a log a tenth of what each step adds. `also`
 * names rows to time, not to show.
 */
export async function sideBySide(bench: Bench, suite: Suite, also: readonly string[] = []): Promise<Times> {
  const times = new Times()
  const steps = stepsFor(suite, (row) => bench.wants(row) || also.includes(row))
  if (steps.length === 0) return times
  for (let repeat = 0; repeat < suite.repeats; repeat++) {
    for (const name of orderOf(repeat)) {
      bench.say(`${steps.map(({ row }) => row).join(', ')}: ${name}, ${repeat + 1} of ${suite.repeats}`)
      await inPlace(bench, name, steps, times)
    }
  }
  for (const step of steps) if (bench.wants(step.row)) report(bench, step, 'burst', times, times)
  for (const step of steps) if (bench.wants(step.row) && step.adds !== null) await sustained(bench, suite, step, times)
  return times
}

async function sustained(bench: Bench, suite: Suite, step: Step, burst: Times): Promise<void> {
  const times = new Times()
  const steps = stepsFor(suite, (row) => row === step.row)
  try {
    await bench.engine.bound(Math.max(LEAST_BOUND, Math.floor((step.adds ?? 0) / 10)))
    for (let repeat = 0; repeat < suite.repeats; repeat++) {
      bench.say(`${step.row}, sustained: ize, ${repeat + 1} of ${suite.repeats}`)
      await inPlace(bench, 'ize', steps, times)
    }
  } finally {
    await bench.engine.bound(null)
  }
  report(bench, step, 'sustained', times, burst)
}

async function inPlace(bench: Bench, name: PlaceName, steps: readonly Step[], times: Times): Promise<void> {
  const place = await openPlace(name, bench.directory, bench.engine)
  try {
    for (const step of steps) await one(bench, place, step, times)
  } finally {
    await place.dispose()
  }
}

async function one(bench: Bench, place: Place, step: Step, times: Times): Promise<void> {
  if (step.cold === 'no') await settleDisk()
  else await dropCaches(step.cold === 'pages')
  times.add(step.row, place.name, await step.run(place.folder, bench))
  const history = await place.settle()
  if (history !== null) times.add(step.row, 'history', history)
}

/** ext4 and bindfs know no bound: a sustained line shows their burst. */
function report(bench: Bench, step: Step, load: Load, ize: Times, others: Times): void {
  const bindfs = others.median(step.row, 'bindfs')
  const holds = step.machines.includes(bench.machine)
  bench.report({
    row: step.row,
    title: step.title,
    machine: bench.machine,
    load,
    unit: 's',
    values: valuesOf(others.median(step.row, 'ext4'), bindfs, ize.median(step.row, 'ize')),
    history: step.adds !== null ? (ize.median(step.row, 'history') ?? null) : null,
    target: holds ? `≤ ${step.atMost} of bindfs` : '',
    limit: holds && bindfs !== undefined ? bindfs * step.atMost : null,
    note: '',
  })
}

function valuesOf(
  ext4: number | undefined,
  bindfs: number | undefined,
  ize: number | undefined,
): Partial<Record<PlaceName, number>> {
  return {
    ...(ext4 === undefined ? {} : { ext4 }),
    ...(bindfs === undefined ? {} : { bindfs }),
    ...(ize === undefined ? {} : { ize }),
  }
}
