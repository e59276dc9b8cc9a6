import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type MomentChoice, planUndoMoment } from '../../../src-main/engine/history/undo-moment-plan.ts'
import { created, deleted, directory, edited, file, renamed } from './changes.ts'
import { ProjectFixture } from './project-fixture.ts'

let project: ProjectFixture
beforeEach(() => (project = new ProjectFixture()))
afterEach(() => project.close())

const plan = (first: number, last: number, choices: Record<string, MomentChoice> = {}, unversioned = /(?!)/) => {
  const query = { first, last, choices: new Map(Object.entries(choices)) }
  const made = planUndoMoment(project.sqlite, query, (path) => unversioned.test(path))
  return {
    steps: made.steps.map(({ kind, path }) => `${kind} ${path}`),
    paths: made.paths.map(({ path, action, state }) => `${action} ${path}: ${state}`),
    why: made.paths.flatMap(({ why }) => (why === null ? [] : [why])),
    counts: [made.restored, made.kept],
    sentence: made.sentence,
    made,
  }
}

describe('a moment taken back', () => {
  beforeEach(() => {
    project.append(created(directory('d')), created(file('d/a', '1')), created(file('b', '1')), created(file('c', '1')))
    project.append(edited(file('d/a', '2')), deleted('b'))
    project.append(created(directory('n')), created(file('n/x', '1')), edited(file('d/a', '3')))
  })

  it('puts back what is as it left it, in all its changes', () => {
    const { steps, paths, counts, sentence, made } = plan(2, 3)
    expect(steps).toEqual(['remove n/x', 'remove n', 'file b', 'file d/a'])
    expect(paths).toEqual(['delete b: back', 'edit d/a: back', 'create n: back', 'create n/x: back'])
    expect([counts, sentence]).toEqual([[4, 0], '4 paths put back as before.'])
    expect(made.steps.find(({ path }) => path === 'd/a')).toMatchObject({ object: file('', '1').object })
    expect(plan(3, 3).steps).toEqual(['remove n/x', 'remove n', 'file d/a'])
  })

  it('leaves alone what was changed since, and says why', () => {
    project.append(edited(file('d/a', 'mine')), created(file('b', 'mine')), deleted('n/x'), deleted('n', 'directory'))
    const { steps, paths, why, counts, sentence } = plan(2, 3)
    expect(steps).toEqual([])
    expect(paths).toEqual(['delete b: choose', 'edit d/a: choose', 'create n: same', 'create n/x: same'])
    expect(why).toEqual(Array(2).fill('It was changed since, last by vim.'))
    expect([counts, sentence]).toEqual([[0, 2], 'Nothing is to be taken back. 2 paths that changed since stay as now.'])
  })

  it('does with those what is chosen', () => {
    project.append(edited(file('d/a', 'mine')), created(file('b', 'mine')))
    expect(plan(2, 3, { 'd/a': 'back', b: 'keep', 'n/x': 'keep' }).steps).toEqual(['file d/a'])
    const { steps, counts } = plan(2, 2, { 'd/a': 'both', b: 'both' })
    expect(steps).toEqual([
      expect.stringMatching(/^file b \(1[45] Nov 2023 \d\d\.\d\d\)$/),
      expect.stringMatching(/^file d\/a \(1[45] Nov 2023 \d\d\.\d\d\)$/),
    ])
    expect(counts).toEqual([2, 2])
  })

  it('puts nothing over a file that has no history', () => {
    project.append(created(file('b', 'mine')))
    const unversioned = /^b \([^.]*\d\d\.\d\d\)$/
    expect(plan(2, 2, { b: 'both' }, unversioned).steps).toContainEqual(
      expect.stringMatching(/^file b \(.*\d\d\.\d\d\.\d\d\)$/),
    )
  })

  it('keeps a folder that has something in it that came later, unless it is chosen to go', () => {
    project.append(created(file('n/later', '1')))
    const { steps, why, counts } = plan(3, 3)
    expect(steps).toEqual(['remove n/x', 'file d/a'])
    expect(why).toEqual(['There is something in it that came later: "n/later".'])
    expect(counts).toEqual([2, 1])
    expect(plan(3, 3, { n: 'back' }).steps).toEqual(['remove n/x', 'remove n/later', 'remove n', 'file d/a'])
    expect(plan(3, 3, { 'n/x': 'keep' }).steps).toEqual(['file d/a'])
  })

  it('brings back folders that went, and knows what moved below a renamed one', () => {
    project.append(renamed('d', directory('e')))
    expect(plan(4, 4).steps).toEqual(['remove e/a', 'remove e', 'directory d', 'file d/a'])
    project.append(edited(file('e/a', 'mine')))
    expect(plan(4, 4).steps).toEqual(['directory d', 'file d/a'])
    expect(plan(4, 4).paths).toEqual(['delete d: back', 'delete d/a: back', 'create e: choose', 'create e/a: choose'])
  })

  it('puts nothing into a folder in whose place a file stands now, unless that is chosen too', () => {
    project.append(deleted('d/a'), deleted('d', 'directory'))
    project.append(created(file('d', 'a file')))
    expect(plan(4, 4)).toMatchObject({
      steps: [],
      paths: ['delete d: choose', 'delete d/a: choose'],
      why: ['It was changed since, last by vim.', '"d" is no folder now.'],
    })
    expect(plan(4, 4, { d: 'back' }).steps).toEqual(['directory d', 'file d/a'])
    expect(plan(4, 4, { d: 'both' }).steps).toEqual([
      expect.stringMatching(/^directory d \(/),
      expect.stringMatching(/^file d \([^/]*\)\/a$/),
    ])
  })

  it('that was a folder over a file takes care of what came into the folder', () => {
    project.append(deleted('c'))
    project.append(created(directory('c')), created(file('c/x', '1')))
    expect(plan(4, 5).steps).toEqual(['remove c/x', 'file c'])
    project.append(created(file('c/later', '1')))
    expect(plan(4, 5)).toMatchObject({ steps: ['remove c/x'], counts: [1, 1] })
    expect(plan(4, 5, { c: 'back' }).steps).toEqual(['remove c/x', 'remove c/later', 'file c'])
  })

  it('names changes that there are', () => {
    for (const [first, last] of [
      [3, 2],
      [3, 4],
      [9, 9],
    ] as const) {
      expect(() => plan(first, last)).toThrow(expect.objectContaining({ code: 'E_VERSION_UNKNOWN' }))
    }
  })
})
