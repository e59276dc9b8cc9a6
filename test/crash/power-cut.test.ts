import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { CrashProject } from '../support/crash-project.ts'
import {
  copyProject,
  linesOf,
  loseAnySteps,
  loseSteps,
  openRecorder,
  recordAll,
  stateOf,
} from '../support/power-cut.ts'
import { Random } from '../support/twin-operations.ts'
import type { Plan } from '../../src-main/engine/recorder/plan.ts'
import { until } from '../support/until.ts'
import { projectLayout } from '../../src-main/engine/project/layout.ts'

/** Nothing is recorded by itself: what waits is taken in by the tests. */
const IGNORED = ['*1', '*4', '*6']
const CONFIG = `record.quiet-ms = 3600000\nrecord.max-wait-ms = 3600000\nignore = ${JSON.stringify(IGNORED)}\n`
const STEPS = 150
const STAGES = 3
const CUTS = 6

let project: CrashProject | null = null
afterEach(async () => {
  await project?.remove()
  project = null
})

/** A project that was synced, and then worked in; nothing of that work is in working/. */
async function worked(seed: number): Promise<string> {
  project = await CrashProject.create(CONFIG)
  await project.play({ run: { seed, from: 0, most: STEPS } })
  await project.flush()
  await until(() => stateOf(project?.root ?? '').clean)
  await project.play({ run: { seed, from: STEPS, most: STEPS } })
  await project.engine.kill()
  return project.root
}

test.each([
  [1, 'in order', loseSteps],
  [2, 'in order', loseSteps],
  [3, 'in order', loseSteps],
  [5, 'in any order', loseAnySteps],
  [6, 'in any order', loseAnySteps],
  [7, 'in any order', loseAnySteps],
] as const)(
  'a power cut in the middle of taking in leaves nothing that is not mended (seed %i, names reach the disk %s)',
  async (seed, _, lose) => {
    const before = await worked(seed)
    const folder = join(before, '..', '..')
    const whole = copyProject(before, join(folder, 'whole'))
    const plans = await recordAll(whole, IGNORED)
    const wanted = linesOf(whole)
    const random = new Random(seed)
    let done: readonly Plan[] = []
    for (let cut = 0; cut < STAGES * CUTS; cut++) {
      // History is further than working/ by as many batches.
      const stage = join(folder, 'stage')
      if (cut % CUTS === 0) done = await recordAll(copyProject(before, stage), IGNORED, 1 + random.below(plans.length))
      const disk = copyProject(stage, join(folder, 'cut'))
      lose(disk, before, done, random)
      const { recorder, end } = await openRecorder(projectLayout(disk), IGNORED)
      expect(linesOf(disk), `cut ${cut}`).toEqual(linesOf(stage))
      while (await recorder.turn(end, true));
      await recorder.close()
      expect(linesOf(disk), `cut ${cut}`).toEqual(wanted)
    }
  },
)

test('killed while it mends, the engine begins again', async () => {
  const root = await worked(4)
  const before = copyProject(root, join(root, '..', '..', 'before'))
  const random = new Random(4)
  loseSteps(root, before, await recordAll(root, IGNORED), random)
  const killed = { code: null, signal: 'SIGKILL' }
  for (const steps of [1, 3, 9]) expect(await project?.restart({ IZE_FAILPOINT: `mending:${steps}` })).toEqual(killed)
  expect(await project?.restart()).toBeNull()
  await project?.expectTwins()
  await project?.flush()
  await project?.expectTwins()
})
