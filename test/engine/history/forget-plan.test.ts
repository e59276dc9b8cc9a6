import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectNoPart, planForget } from '../../../src-main/engine/history/forget-plan.ts'
import { projectLayout } from '../../../src-main/engine/project/layout.ts'
import { addForgotten } from '../../../src-main/engine/store/forgotten.ts'
import { created, deleted, directory, edited, renamed } from './changes.ts'
import { ProjectFixture } from './project-fixture.ts'

let project: ProjectFixture
beforeEach(() => (project = new ProjectFixture()))
afterEach(() => project.close())

const plan = (path: string, names: string[] | null = null): ReturnType<typeof planForget> =>
  planForget(project.sqlite, project.store, path, names)

describe('what goes when a file is forgotten', () => {
  it('is every version of it but the content it has now, through all its names', () => {
    project.append(created(project.file('key', 'one')))
    project.append(edited(project.file('key', 'two')))
    project.append(renamed('key', project.file('secret', 'two')))
    project.append(edited(project.file('secret', 'three')))
    const { goes, also, stays, objects, bytes } = plan('secret')
    expect(goes.map(({ number }) => number)).toEqual([1, 2, 3])
    expect(also).toEqual([])
    expect(stays.map(({ version, path }) => [version.number, path])).toEqual([[4, 'secret']])
    expect(objects).toHaveLength(2)
    expect(bytes).toBe(6)
  })

  it('is only what is named, and goes from all versions with that content', () => {
    project.append(created(project.file('a', 'one')), created(project.file('b', 'one', { ino: 9 })))
    project.append(edited(project.file('a', 'two')), edited(project.file('b', 'other', { ino: 9 })))
    project.append(edited(project.file('a', 'three')))
    const { goes, also } = plan('a', ['1'])
    expect(goes.map(({ path, number }) => `${path}@${number}`)).toEqual(['a@1'])
    expect(also.map(({ path, number }) => `${path}@${number}`)).toEqual(['b@1'])
  })

  it('is nothing that another file has now, which is named', () => {
    project.append(created(project.file('a', 'one')), created(project.file('b', 'one', { ino: 9 })))
    project.append(deleted('a'))
    expect(plan('a')).toMatchObject({ goes: [], also: [], objects: [], stays: [{ path: 'b' }] })
  })

  it('is all of a file that is gone, and of a folder nothing', () => {
    project.append(created(directory('d')), created(project.file('d/a', 'one')))
    project.append(deleted('d/a'))
    expect(plan('d/a').goes.map(({ number }) => number)).toEqual([1])
    expect(() => plan('d')).toThrow(expect.objectContaining({ code: 'E_NOT_A_FILE' }))
    expect(() => plan('')).toThrow(expect.objectContaining({ code: 'E_NOT_A_FILE' }))
    expect(() => plan('d/a', ['7'])).toThrow(expect.objectContaining({ code: 'E_VERSION_UNKNOWN' }))
  })

  it('is not told again once it is gone; what is there is not taken for forgotten', async () => {
    const lost = project.file('a', 'one').object ?? ''
    const never = 'ab'.repeat(32)
    project.append(created(project.file('a', 'one')))
    project.append(edited(project.file('a', '', { object: never, size: 3 })))
    project.append(edited(project.file('a', 'three')))
    await addForgotten(projectLayout(project.root).objects, [lost, never], 1)
    const { goes, already } = plan('a')
    expect(goes.map(({ number }) => number)).toEqual([1])
    expect(already).toBe(1)
    expect(() => project.store.read(never, 100)).toThrow(expect.objectContaining({ code: 'E_FORGOTTEN' }))
    expect(project.store.read(lost, 100).toString()).toBe('one')
  })
})

describe('a content that is a piece of another one', () => {
  const big = Array.from({ length: 40_000 }, (_, n) => `line ${n} of a long text`).join('\n')
  const alone = (path: string): Promise<void> =>
    expectNoPart(project.sqlite, project.store, plan(path), new AbortController().signal)

  beforeEach(() => {
    const whole = project.file('whole', big)
    const [piece = ''] = project.store.children(whole.object ?? '').slice(1)
    const part = project.file('part', project.store.getNode(piece).bytes, { ino: 9 })
    expect(part.object).toBe(piece)
    project.append(created(whole), created(part))
    project.append(edited(project.file('part', 'other', { ino: 9 })))
  })

  it('cannot be forgotten alone, and what it is a part of is named', async () => {
    const message = expect.stringMatching(/version 1 of "part" is also a part of version 1 of "whole"/) as string
    await expect(alone('part')).rejects.toMatchObject({ code: 'E_FORGET', message })
  })

  it('goes once the other is gone, and the other goes without it', async () => {
    project.append(edited(project.file('whole', 'short')))
    await expect(alone('whole')).resolves.toBeUndefined()
    await expect(alone('part')).rejects.toMatchObject({ code: 'E_FORGET' })
  })
})
