import type { Bench } from '../bench.ts'
import type { Machine, PlaceName } from '../figure.ts'

/** One timed piece of work, done in all three places. */
export interface Step {
  readonly row: string
  readonly title: string
  /** Ize's time as a part of bindfs's, at most; on which machine it holds. */
  readonly atMost: number
  readonly machines: readonly Machine[]
  /** What must have been done in the same folder before. */
  readonly needs: readonly string[]
  /** What the kernel forgets first: names and inodes, or file contents too. */
  readonly cold: 'no' | 'names' | 'pages'
  /** About how many bytes it adds to the log; null: not run against a bound. */
  readonly adds: number | null
  /** Returns seconds. */
  readonly run: (folder: string, bench: Bench) => Promise<number>
}

export interface Suite {
  readonly repeats: number
  readonly steps: readonly Step[]
}

/** The steps that are asked for and those that they need, in order. */
export function stepsFor({ steps }: Suite, wants: (row: string) => boolean): readonly Step[] {
  const chosen = new Set<string>()
  for (const step of [...steps].reverse()) {
    if (!chosen.has(step.row) && !wants(step.row)) continue
    chosen.add(step.row)
    for (const need of step.needs) chosen.add(need)
  }
  return steps.filter(({ row }) => chosen.has(row))
}

/** Each time another place begins. */
export function orderOf(repeat: number): readonly PlaceName[] {
  const names: readonly PlaceName[] = ['ext4', 'bindfs', 'ize']
  return [...names.slice(repeat % 3), ...names.slice(0, repeat % 3)]
}
