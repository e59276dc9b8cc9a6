import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { projectLayout } from '../../src-main/engine/project/layout.ts'
import { CrashProject } from '../support/crash-project.ts'
import { SmallDisk } from '../support/small-disk.ts'
import { until } from '../support/until.ts'

// Searching writes when it has time to; here it counts who writes how much.
const CONFIG = 'record.quiet-ms = 40\nrecord.max-wait-ms = 150\nhistory.search = false\n'
const VERSIONS = 4

let project: CrashProject | null = null
let disk: SmallDisk | null = null
afterEach(async () => {
  disk?.remove()
  await project?.remove()
  project = disk = null
})

function packed({ root }: CrashProject): number {
  const folder = join(projectLayout(root).objects, 'pack')
  const packs = readdirSync(folder).filter((name) => name.endsWith('.pack'))
  return packs.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
}

// Only root may mount a disk to fill.
describe.runIf(process.getuid?.() === 0)('on a full disk', () => {
  it.each([0, 2, 5])(
    'with %i MB left, packing and pruning lose nothing, and are done once there is room',
    async (left) => {
      project = await CrashProject.create(CONFIG, (directory) => {
        disk = new SmallDisk('tmpfs', directory, 128)
        return `${disk.folder}/central`
      })
      const { engine } = project
      const room = disk as unknown as SmallDisk
      for (let n = 0; n < VERSIONS; n++) {
        await project.shell(`head -c 3000000 /dev/urandom | tee "${project.plain}/noise" > noise`)
        await project.flush()
      }
      room.fill()
      await project.shell(`truncate -s -${left}M ${room.folder}/ballast`)
      const before = packed(project)
      for (const attempt of [
        engine.ask('projects.gc', { project: 'crash' }),
        engine.ask('history.prune', { project: 'crash', keep: '1 version' }),
      ]) {
        const error = await attempt.catch((error: unknown) => error)
        if (left === 0 || error instanceof Error) {
          expect(error).toMatchObject({ code: 'E_SPACE' })
          expect((error as Error).message).toMatch(/^There is not enough room to pack the store: nothing is lost/)
          expect(packed(project)).toBe(before)
        }
      }
      // On a disk that is quite full not even what is to go could be noted.
      if (left === 2) {
        const { pruneDue } = await engine.ask('projects.status', { project: 'crash' })
        expect(pruneDue).toMatch(/^Versions were let go of, but their room .*: there is not enough room/)
        expect(engine.log).toContain(pruneDue)
        const again = await engine.ask('history.prune', { project: 'crash', keep: 'all' })
        expect(again).toMatchObject({ versions: 0, packed: null, due: pruneDue })
      }
      expect(await engine.ask('seals.verify', { project: 'crash', roots: [] })).toMatchObject({ faults: [] })
      await project.expectTwins()

      room.free()
      if (left === 2) {
        // Nobody asks for it again.
        await until(() => packed(project as CrashProject) < before / 2, 60_000)
        await until(async () => (await engine.ask('projects.status', { project: 'crash' })).pruneDue === null)
      }
      const result = await engine.ask('history.prune', { project: 'crash', keep: '1 version' })
      expect(result.packed === null ? result.versions : VERSIONS - 1).toBe(result.versions)
      await engine.ask('projects.gc', { project: 'crash' })
      expect(packed(project)).toBeLessThan(before / 2)
      expect(await engine.ask('seals.verify', { project: 'crash', roots: [] })).toMatchObject({
        faults: [],
        checked: { pruned: VERSIONS - 1 },
      })
      await project.expectPlaces(true)
    },
  )
})
