import { linkSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sizeReport } from '../../../src-main/engine/history/size-report.ts'
import { created, edited, renamed } from './changes.ts'
import { ProjectFixture } from './project-fixture.ts'

let project: ProjectFixture
beforeEach(() => {
  project = new ProjectFixture()
})
afterEach(() => project.close())

it('counts what is on the disk, what has two names once, and names that are no text', () => {
  const working = join(project.root, 'working')
  mkdirSync(working)
  writeFileSync(join(working, 'a'), Buffer.alloc(100_000, 'x'))
  const before = sizeReport(project.history, 10).working
  expect(before).toBeGreaterThan(100_000)
  linkSync(join(working, 'a'), join(working, 'b'))
  expect(sizeReport(project.history, 10).working).toBe(before)
  writeFileSync(Buffer.concat([Buffer.from(`${working}/`), Buffer.from([0xff, 0xfe])]), Buffer.alloc(50_000, 'y'))
  expect(sizeReport(project.history, 10).working).toBeGreaterThan(before + 50_000)
})

it('names the files whose versions have most in them, by their newest name', async () => {
  project.append(created(project.file('small', 'a')), created(project.file('big', 'b'.repeat(1000))))
  project.append(edited(project.file('big', 'c'.repeat(500))))
  // The content of before again costs nothing.
  project.append(edited(project.file('big', 'b'.repeat(1000))))
  project.append(renamed('big', project.file('large', 'b'.repeat(1000))))
  await project.store.flush()
  const report = sizeReport(project.history, 1)
  expect(report.largest).toEqual([{ path: 'large', versions: 2, bytes: 1500 }])
  expect(report).toMatchObject({ versions: 5, contents: 1501 })
  expect(report.store).toBeGreaterThan(0)
  expect(report.index).toBeGreaterThan(0)
})
