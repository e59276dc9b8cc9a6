import { expect, onTestFinished, test } from 'vitest'
import { CrashProject } from '../support/crash-project.ts'
import { contentOfSave, savedFile } from '../support/crash-steps.ts'
import { sha1, versionsOf } from '../support/crash-places.ts'
import { places, type Failpoint } from '../../src-main/engine/sys/failpoint.ts'

const CONFIG = 'record.quiet-ms = 40\nrecord.max-wait-ms = 150\n'
const SEED = 7
const STEPS = 400
const SAVES = 40
const FIRST_SAVE = 5

/** What is come by once in a while, and what with every operation. */
const times: Partial<Record<Failpoint, number>> = {
  logging: 60,
  logged: 60,
  step: 30,
  'writers-kept': 1,
  trimming: 1,
  'segment-removed': 1,
}

const killed = { code: null, signal: 'SIGKILL' }

/** power-cut.test.ts comes by the other. */
const here = places.filter((place) => place !== 'mending')

test.concurrent.each(here)('killed at "%s", the engine goes on where it was', async (place) => {
  const project = await CrashProject.create(CONFIG)
  onTestFinished(() => project.remove())
  await project.play({ save: { from: 0, most: FIRST_SAVE } })
  await project.flush()
  await project.engine.stop()

  // Work on many files, then saves of a few: what a change holds is cut differently.
  expect(await project.restart({ IZE_FAILPOINT: `${place}:${times[place] ?? 2}` })).toBeNull()
  await project.play({ run: { seed: SEED, from: 0, most: STEPS } })
  expect(await project.engine.whenEnded()).toEqual(killed)
  expect(await project.restart()).toBeNull()
  await project.expectTwins()
  await project.flush()

  await project.engine.kill()
  expect(await project.restart({ IZE_FAILPOINT: `${place}:${times[place] ?? 3}` })).toBeNull()
  const { next, interrupted } = await project.play({ save: { from: FIRST_SAVE, most: SAVES } })
  expect(await project.engine.whenEnded()).toEqual(killed)
  // And once more while it recovers, where recovery comes by there.
  const again = await project.restart({ IZE_FAILPOINT: `${place}:1` })
  if (again !== null) expect(again).toEqual(killed)
  else await project.engine.kill()
  expect(await project.restart()).toBeNull()
  await project.expectTwins()
  await project.expectPlaces(true)
  expectEachSaveOnce(project.root, next ?? 0, interrupted === true)
})

function expectEachSaveOnce(root: string, next: number, interrupted: boolean): void {
  const wanted = new Map<string, string[]>()
  for (let index = 0; index < next; index++) {
    const path = savedFile(index)
    wanted.set(path, [...(wanted.get(path) ?? []), sha1(contentOfSave(index))])
  }
  for (const [path, contents] of wanted) {
    const found = versionsOf(root, path)
    // Of the save that was interrupted, either is right.
    const last = interrupted && path === savedFile(next - 1) ? found.length : contents.length
    expect(found).toEqual(contents.slice(0, Math.max(last, contents.length - 1)))
  }
}
