import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { projectLayout } from '../../src-main/engine/project/layout.ts'
import { CrashProject } from '../support/crash-project.ts'

/** So quiet that nothing is taken out of the log before the engine is killed. */
const CONFIG = 'record.quiet-ms = 60000\nrecord.max-wait-ms = 600000\n'

let project: CrashProject | null = null
afterEach(async () => {
  await project?.remove()
  project = null
})

/** A project whose engine was killed with a hundred files in its log. */
async function killed(): Promise<CrashProject> {
  project = await CrashProject.create(CONFIG)
  expect(await project.shell('for i in $(seq 100); do echo "file $i" > $i; done; ls | wc -l')).toBe('100\n')
  await project.engine.kill()
  expect(project.waiting().unapplied).toBeGreaterThanOrEqual(200)
  return project
}

function newestSegment({ root }: CrashProject): string {
  const { dirty } = projectLayout(root)
  const names = readdirSync(dirty).filter((name) => name.endsWith('.oplog'))
  return join(dirty, names.sort().at(-1) ?? '')
}

test('a record that the crash tore is cut and kept aside, and everything before it is there', async () => {
  const { root, engine, shell } = methodsOf(await killed())
  const segment = newestSegment(project as CrashProject)
  truncateSync(segment, statSync(segment).size - 3)
  expect(await project?.restart()).toBeNull()
  // The last record is the marker of the close: both what it closed and all before it are there.
  expect(await shell('ls | wc -l; cat 1 50 100')).toBe('100\nfile 1\nfile 50\nfile 100\n')
  expect(readdirSync(join(projectLayout(root).dirty, 'damaged')).length).toBeGreaterThan(0)
  expect(engine.log).toMatch(/kept in dirty\/damaged/)
  expect((await engine.ask('projects.status', { project: 'crash' })).problem).toMatch(/kept in dirty\/damaged/)
  await project?.flush()
  expect(readFileSync(join(projectLayout(root).working, '100'), 'utf8')).toBe('file 100\n')
})

test('a flipped byte in the middle is refused by name; nothing is changed, and nothing wrong is shown', async () => {
  const { root, engine } = methodsOf(await killed())
  const segment = newestSegment(project as CrashProject)
  const bytes = readFileSync(segment)
  const at = bytes.indexOf('file 50')
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(segment, bytes)
  await engine.start()
  const mount = engine.ask('projects.mount', { project: 'crash' })
  await expect(mount).rejects.toMatchObject({
    code: 'E_LOG_DAMAGED',
    message: expect.stringMatching(/damaged at byte \d+ of/),
  })
  expect((await engine.ask('projects.list', {})).projects).toMatchObject([{ name: 'crash', mounted: false }])
  expect(readFileSync(segment).equals(bytes)).toBe(true)
  expect(readdirSync(projectLayout(root).working)).toEqual([])
  // Put right, it goes on as if nothing had been.
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(segment, bytes)
  await engine.ask('projects.mount', { project: 'crash' })
  expect(await project?.shell('cat 50; ls | wc -l')).toBe('file 50\n100\n')
})

function methodsOf(one: CrashProject): Pick<CrashProject, 'root' | 'engine' | 'shell'> {
  return { root: one.root, engine: one.engine, shell: async (script, folder) => one.shell(script, folder) }
}
