import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it, test } from 'vitest'
import { Pruned } from '../../src-main/engine/store/retention/pruned.ts'
import { askedPlaces } from '../../src-main/engine/sys/failpoint.ts'
import { CrashProject } from '../support/crash-project.ts'
import { until } from '../support/until.ts'

const CONFIG = 'record.quiet-ms = 40\nrecord.max-wait-ms = 150\n'
const killed = { code: null, signal: 'SIGKILL' }
const SAVES = 5

let project: CrashProject | null = null
afterEach(async () => {
  await project?.remove()
  project = null
})

async function start(): Promise<CrashProject> {
  project = await CrashProject.create(CONFIG)
  for (let n = 1; n <= SAVES; n++) await save(project, n)
  return project
}

async function save(project: CrashProject, n: number): Promise<void> {
  await project.shell(`seq ${n} 3000 | tee "${project.plain}/notes" > notes; echo same | tee "${project.plain}/s" > s`)
  await project.flush()
}

async function versions({ engine }: CrashProject): Promise<{ version: number; pruned: string | null }[]> {
  const query = { project: 'crash', path: 'notes', limit: 100 }
  const { entries } = await engine.ask('history.entries', query)
  return entries.map(({ version, pruned }) => ({ version, pruned }))
}

async function expectSound(project: CrashProject): Promise<void> {
  expect(await project.engine.ask('seals.verify', { project: 'crash', roots: [] })).toMatchObject({ faults: [] })
}

test.each(askedPlaces)('killed at "%s", a prune is finished by the next start', async (place) => {
  const project = await start()
  const before = await versions(project)
  await project.engine.stop()
  expect(await project.restart({ IZE_FAILPOINT: `${place}:1` })).toBeNull()
  const asked = project.engine
    .ask('history.prune', { project: 'crash', keep: '2 versions' })
    .catch((error: unknown) => error)
  expect(await project.engine.whenEnded()).toEqual(killed)
  expect(await asked).toBeInstanceOf(Error)
  // Once more while that is resumed, where it comes by there.
  const again = await project.restart({ IZE_FAILPOINT: `${place}:1` })
  if (again !== null) expect(again).toEqual(killed)
  else await project.engine.kill()

  expect(await project.restart()).toBeNull()
  await until(() => !Pruned.read(project.root).due)
  await project.expectTwins()
  const after = await versions(project)
  expect(after.map(({ version }) => version)).toEqual(before.map(({ version }) => version))
  const kept = after.filter(({ pruned }) => pruned === null).length
  expect(kept).toBe(2)
  await expectSound(project)
  await save(project, SAVES + 1)
  await project.expectPlaces(true)
})

it('killed in a collection beside recording, nothing is lost, however often', async () => {
  const project = await start()
  for (let round = 0; round < 6; round++) {
    const packing = project.engine.ask('projects.gc', { project: 'crash' }).catch(() => null)
    const saving = save(project, SAVES + round).catch(() => null)
    await sleep(round * 25)
    await project.engine.kill()
    await Promise.all([packing, saving])
    expect(await project.restart()).toBeNull()
    await project.expectTwins()
    await project.flush()
    await expectSound(project)
  }
  await project.engine.ask('projects.gc', { project: 'crash' })
  await project.expectPlaces(true)
  await expectSound(project)
})
