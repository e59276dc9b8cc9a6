import { describe, it } from 'vitest'
import { Twin, TwinDifference } from '../support/twin.ts'
import { generateSteps, type TwinMix, type TwinStep } from '../support/twin-operations.ts'
import type { Owner } from '../support/twin-process.ts'

/**
 * Thousands of runs, each of another seed: IZE_TWIN_RUNS. One of them again: IZE_TWIN_SEED; made shorter before it is
 * shown: IZE_TWIN_SHRINK. Without these one known seed is run, so that a change is judged by what it changed.
 */
const runs = Number(process.env['IZE_TWIN_RUNS'] ?? 1)
const firstSeed = Number(process.env['IZE_TWIN_SEED'] ?? (runs > 1 ? Date.now() % 1_000_000_000 : 271_274_177))
const shrinks = Number(process.env['IZE_TWIN_SHRINK'] ?? 0)
const steps = Number(process.env['IZE_TWIN_STEPS'] ?? 1500)

/** The recorder never rests, and the log is nearly always at its bound. */
const BUSY = '[record]\nquiet-ms = 10\nmax-wait-ms = 50\n'
const TIGHT = `${BUSY}[log]\nlimit-bytes = 1048576\nlimit-operations = 150\n`
const NOBODY: Owner = { uid: 65534, gid: 65534 }
const asRoot = process.getuid?.() === 0

describe('the mount and a plain directory', () => {
  it('do the same while everything is recorded beside', { timeout: 3_600_000 }, () =>
    many(BUSY, null, { steps, root: asRoot, kills: true }),
  )

  it('do the same with the log at its bound', { timeout: 3_600_000 }, () =>
    many(TIGHT, null, { steps: steps / 2, root: asRoot, kills: true }),
  )
})

describe.runIf(asRoot)('the mount of an ordinary user and a plain directory', () => {
  it('do the same', { timeout: 3_600_000 }, () => many(BUSY, NOBODY, { steps, root: false, kills: true }))
})

async function many(config: string, owner: Owner | null, mix: TwinMix): Promise<void> {
  for (let run = 0; run < runs; run++) {
    const seed = firstSeed + run
    const all = generateSteps(seed, mix)
    const found = await differenceOf(all, config, owner)
    if (!found) continue
    const shorter = await shrink(all, found, config, owner)
    const last = shorter.steps.slice(-30).map(readable)
    throw new Error(`IZE_TWIN_SEED=${seed}, step ${found.step}: ${shorter.found.message}\nafter\n${last.join('\n')}`)
  }
}

async function differenceOf(
  all: readonly TwinStep[],
  config: string,
  owner: Owner | null,
): Promise<TwinDifference | null> {
  const twin = await Twin.start(config, owner)
  try {
    await twin.run(all)
    return null
  } catch (error) {
    if (error instanceof TwinDifference) return error
    throw error
  } finally {
    await twin.remove()
  }
}

/** Leaves out ever smaller parts as long as some difference stays. */
async function shrink(
  all: readonly TwinStep[],
  first: TwinDifference,
  config: string,
  owner: Owner | null,
): Promise<{ steps: readonly TwinStep[]; found: TwinDifference }> {
  let best = { steps: all.slice(0, first.step + 1), found: first }
  let tries = shrinks
  for (let part = best.steps.length >> 1; part >= 1 && tries > 0; part >>= 1) {
    for (let at = 0; at < best.steps.length && tries > 0; tries--) {
      const without = [...best.steps.slice(0, at), ...best.steps.slice(at + part)]
      const found = await differenceOf(without, config, owner)
      if (found) best = { steps: without.slice(0, found.step + 1), found }
      else at += part
    }
  }
  return best
}

/** Long repetitions shortened. */
function readable(step: TwinStep): string {
  return JSON.stringify(step).replace(/(.{1,12}?)\1{7,}/g, (all, one: string) => `${one}{${all.length / one.length}}`)
}
