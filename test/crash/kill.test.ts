import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { CrashProject } from '../support/crash-project.ts'
import { Random } from '../support/twin-operations.ts'

/** Small, so that batches are planned, recorded and applied while operations go on. */
const CONFIG = 'record.quiet-ms = 40\nrecord.max-wait-ms = 150\n'
const KILLS = Number(process.env['IZE_CRASH_KILLS'] ?? 30)
const PLACES_EVERY = Number(process.env['IZE_CRASH_EVERY'] ?? 6)
/** More than can be played before the engine is killed. */
const MANY = 1_000_000

let project: CrashProject | null = null
afterEach(async () => {
  await project?.remove()
  project = null
})

test(`what returned is there after kill -9 at ${KILLS} random moments`, async () => {
  const seed = Number(process.env['IZE_CRASH_SEED'] ?? Date.now() % 100_000)
  const random = new Random(seed)
  project = await CrashProject.create(CONFIG)
  let from = 0
  let unapplied = 0
  let kills = 0
  try {
    while (kills < KILLS) {
      const playing = project.play({ run: { seed, from, most: MANY } })
      await sleep(20 + random.below(700))
      await project.engine.kill()
      const { next, interrupted } = await playing
      expect(interrupted).toBe(true)
      from = next ?? from
      const waiting = project.waiting()
      unapplied += waiting.unapplied
      // Killed in a moment when nothing waited: it does not count.
      if (waiting.unapplied > 0 || waiting.unrecorded > 0) kills++
      expect(await project.restart()).toBeNull()
      await project.expectTwins()
      if (kills % PLACES_EVERY === 0) await project.expectPlaces(kills === KILLS)
    }
  } catch (error) {
    throw new Error(`IZE_CRASH_SEED=${seed}, after ${kills} kills`, { cause: error })
  }
  expect(unapplied).toBeGreaterThan(KILLS)
  expect(from).toBeGreaterThan(KILLS)
})
