import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { projectLayout } from '../../src-main/engine/project/layout.ts'
import { foldPlaces } from '../../src-main/engine/sys/failpoint.ts'
import { sha1, versionsOf } from '../support/crash-places.ts'
import { CrashProject } from '../support/crash-project.ts'
import { contentOfSave, savedFile } from '../support/crash-steps.ts'

const CONFIG = 'record.quiet-ms = 20\nrecord.max-wait-ms = 60\n'
const SAVES = 12

let project: CrashProject | null = null
afterEach(async () => {
  await project?.remove()
  project = null
})

test.each(foldPlaces)('killed at "%s", a folding is finished or was never begun', async (place) => {
  project = await CrashProject.create(CONFIG)
  const { root, engine } = project
  const layout = projectLayout(root)
  const fold = (): Promise<{ folded: number }> => engine.ask('projects.fold', { project: 'crash' })
  await project.play({ save: { from: 0, most: SAVES } })
  await project.flush()
  expect((await fold()).folded).toBeGreaterThan(0)
  await project.play({ save: { from: SAVES, most: SAVES } })
  await project.flush()
  await engine.stop()

  expect(await project.restart({ IZE_FAILPOINT: `${place}:1` })).toBeNull()
  await expect(fold()).rejects.toThrow()
  expect(await engine.whenEnded()).toEqual({ code: null, signal: 'SIGKILL' })
  // And once more where the next start comes by there.
  const again = await project.restart({ IZE_FAILPOINT: `${place}:1` })
  if (again !== null) expect(again).toEqual({ code: null, signal: 'SIGKILL' })
  else await engine.kill()

  expect(await project.restart()).toBeNull()
  await project.expectTwins()
  await project.play({ save: { from: 2 * SAVES, most: SAVES } })
  await project.expectPlaces(true)
  expect(existsSync(layout.fold)).toBe(false)
  expectEveryVersion(root, 3 * SAVES)
  expect((await engine.ask('seals.verify', { project: 'crash', roots: [] })).faults).toEqual([])
  await fold()
  expect(existsSync(layout.fold)).toBe(false)
  const changes = execFileSync('find', [join(layout.pijul, 'changes'), '-type', 'f'], { encoding: 'utf8' })
  expect(changes.trim().split('\n')).toHaveLength(2)
  await project.expectPlaces(true)
  expect((await engine.ask('seals.verify', { project: 'crash', roots: [] })).faults).toEqual([])

  const before = await answers(project)
  await engine.ask('projects.unmount', { project: 'crash', force: true, lazy: false })
  const findings = (await engine.ask('doctor.run', { project: 'crash', fix: false, rebuildIndex: true })).findings
  expect(findings.filter(({ level }) => level !== 'ok')).toEqual([])
  expect(await answers(project)).toEqual(before)
})

function expectEveryVersion(root: string, saves: number): void {
  const wanted = new Map<string, string[]>()
  for (let index = 0; index < saves; index++) {
    const path = savedFile(index)
    wanted.set(path, [...(wanted.get(path) ?? []), sha1(contentOfSave(index))])
  }
  for (const [path, contents] of wanted) expect(versionsOf(root, path)).toEqual(contents)
}

/** What history tells, the hashes of all changes among it. */
async function answers({ engine }: CrashProject): Promise<unknown> {
  const changes = await engine.ask('history.changes', { project: 'crash', limit: 500 })
  return { changes, file: await engine.ask('history.entries', { project: 'crash', path: savedFile(0), limit: 500 }) }
}
