import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planUndo } from '../../../src-main/engine/history/undo-plan.ts'
import type { ChangeEntry } from '../../../src-main/engine/history/change-metadata.ts'
import { created, deleted, directory, edited, file, hashOf, renamed } from './changes.ts'
import { ProjectFixture } from './project-fixture.ts'

let project: ProjectFixture
beforeEach(() => (project = new ProjectFixture()))
afterEach(() => project.close())

const told = (noted: string | null = null) =>
  planUndo(project.sqlite, noted).steps.map(({ kind, path }) => `${kind} ${path}`)

/** A change of a restore by one process, or of the engine itself. */
function restore(pid: number, ...entries: Omit<ChangeEntry, 'operations'>[]): void {
  const change = project.changes.add('restore', ...entries)
  change.metadata.programs = [{ name: pid === 0 ? 'ize engine' : 'ize restore', pid, start: 7 }]
  project.index.append([change])
}

it('where nothing was restored there is nothing to undo', () => {
  expect(() => told()).toThrow(expect.objectContaining({ code: 'E_NOTHING_TO_UNDO' }))
  project.append(created(file('a', '1')))
  expect(() => told(hashOf(0))).toThrow(expect.objectContaining({ code: 'E_NOTHING_TO_UNDO' }))
})

describe('the last restore', () => {
  beforeEach(() => {
    project.append(created(directory('d')), created(file('d/a', '1')), created(file('b', '1')))
    project.append(edited(file('d/a', '2')), deleted('b'))
  })

  it('is taken back: what it changed, what it brought, what it took away', () => {
    project.append(created(file('d/new', '1')))
    restore(1, edited(file('d/a', '1')), created(file('b', '1')), deleted('d/new'))
    const plan = planUndo(project.sqlite, null)
    expect(plan.effects).toEqual({ created: ['d/new'], overwritten: ['d/a'], removed: ['b'] })
    expect(plan.steps.map(({ kind, path }) => `${kind} ${path}`)).toEqual(['remove b', 'file d/a', 'file d/new'])
    expect(plan.sentence).toMatch(/^What the restore of 2023.* touched becomes what it was before it\.$/)
    expect(plan.undone.hash).toBe(hashOf(3))
  })

  it('is all its changes, by its process or by where it is noted to have begun', () => {
    restore(1, edited(file('d/a', '1')))
    restore(2, created(file('b', '1')))
    restore(2, edited(file('b', '2')))
    expect(told()).toEqual(['remove b'])
    expect(told(hashOf(2))).toEqual(['remove b'])
    restore(0, edited(file('d/a', '3')))
    restore(0, created(file('c', '3')))
    expect(told()).toEqual(['remove c'])
    expect(told(hashOf(4))).toEqual(['remove c', 'file d/a'])
  })

  it('that was noted and came to nothing is not the one', () => {
    restore(2, created(file('b', '1')))
    project.append(edited(file('d/a', '5')))
    expect(told(hashOf(3))).toEqual(['remove b'])
    expect(told('GONE')).toEqual(['remove b'])
  })

  it('overwrites what was done there since, and leaves the rest alone', () => {
    restore(1, edited(file('d/a', '1')))
    project.append(edited(file('d/a', 'later')), created(file('other', '1')), edited(file('b', 'b')))
    expect(told()).toEqual(['file d/a'])
  })

  it('undone is a restore itself, and undone again', () => {
    restore(1, edited(file('d/a', '1')))
    restore(2, edited(file('d/a', '2')))
    const { steps } = planUndo(project.sqlite, null)
    expect(steps).toMatchObject([{ kind: 'file', path: 'd/a', object: file('', '1').object }])
  })

  it('does nothing where all is as it was', () => {
    restore(1, edited(file('d/a', '1')))
    project.append(edited(file('d/a', '2')))
    expect(planUndo(project.sqlite, null)).toMatchObject({
      steps: [],
      sentence: expect.stringMatching(/^All that/) as string,
    })
  })

  it('does not take a folder away that has something new in it', () => {
    restore(
      1,
      created(directory('r')),
      created(directory('r/s')),
      created(file('r/s/x', '1')),
      created(directory('r/t')),
    )
    expect(told()).toEqual(['remove r/t', 'remove r/s/x', 'remove r/s', 'remove r'])
    project.append(created(file('r/s/mine', '1')))
    expect(told()).toEqual(['remove r/t', 'remove r/s/x'])
  })

  it('brings back folders that are gone since', () => {
    restore(1, edited(file('d/a', '1')))
    project.append(deleted('d', 'directory'))
    expect(told()).toEqual(['directory d', 'file d/a'])
  })

  it('knows what it touched under other names', () => {
    restore(1, renamed('d/a', file('e', '2')))
    expect(told()).toEqual(['remove e', 'file d/a'])
  })
})
