import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mergeLines } from '../../../src-main/engine/history/merge-lines.ts'
import { linesOf } from '../../../src-main/engine/history/line-places.ts'
import { planRestoreLines, type RestoreLinesQuery } from '../../../src-main/engine/history/restore-lines.ts'
import { Pruned } from '../../../src-main/engine/store/retention/pruned.ts'
import { created, deleted, edited, renamed } from './changes.ts'
import { ProjectFixture } from './project-fixture.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')
/** Puts lines in place of `count` from line `at` (from 0) of `base`, in `now`. */
function merge(lines: string, at: number, count: number, base: string, now: string): string | Record<string, string> {
  const merged = mergeLines(linesOf(bytes(lines)), { at, count }, bytes(base), bytes(now))
  if (merged.kind === 'merged') return merged.content.toString('latin1')
  const { base: was, now: is, wanted } = merged
  return { was: was.toString('latin1'), is: is.toString('latin1'), wanted: wanted.toString('latin1') }
}
const numbered = (count: number) => Array.from({ length: count }, (_, n) => `${n}\n`).join('')

describe('lines put in place of others', () => {
  it('land where those are now', () => {
    const base = numbered(20)
    expect(merge('ten\n', 10, 1, base, base)).toBe(base.replace('10\n', 'ten\n'))
    const longer = `first\nsecond\n${base}`
    expect(merge('ten\n', 10, 1, base, longer)).toBe(longer.replace('10\n', 'ten\n'))
    expect(merge('new\n', 10, 0, base, longer)).toBe(longer.replace('10\n', 'new\n10\n'))
    expect(merge('', 10, 2, base, longer)).toBe(longer.replace('10\n11\n', ''))
  })

  it('are not put where the lines or their surroundings are others now', () => {
    const base = numbered(20)
    const told = { was: '7\n8\n9\n10\n11\n12\n13\n', wanted: '7\n8\n9\nten\n11\n12\n13\n' }
    expect(merge('ten\n', 10, 1, base, base.replace('10\n', 'X\n'))).toEqual({
      ...told,
      is: '7\n8\n9\nX\n11\n12\n13\n',
    })
    expect(merge('ten\n', 10, 1, base, base.replace('12\n', ''))).toEqual({ ...told, is: '7\n8\n9\n10\n11\n13\n' })
    expect(merge('ten\n', 10, 1, base, base.replace('9\n10', '9\nX\n10'))).toEqual({
      ...told,
      is: '7\n8\n9\nX\n10\n11\n12\n13\n',
    })
    expect(merge('ten\n', 10, 1, base, base.replace('13\n', '13\nX\n'))).toBe(
      base.replace('10\n', 'ten\n').replace('13\n', '13\nX\n'),
    )
    expect(merge('0\n', 0, 0, '1\n2\n', 'X\n1\n2\n')).toMatchObject({ is: 'X\n1\n2\n', wanted: '0\n1\n2\n' })
    expect(merge('3\n', 2, 0, '1\n2\n', '1\n2\nX\n')).toMatchObject({ is: '1\n2\nX\n', wanted: '1\n2\n3\n' })
    expect(merge('new\n', 0, 0, '', 'X\n')).toMatchObject({ was: '', is: 'X\n', wanted: 'new\n' })
  })

  it('keep their bytes: line ends, encoding, a missing newline at the end', () => {
    expect(merge('caf\xe9\r\n', 1, 1, 'a\r\nb\r\nc\r\n', 'a\r\nb\r\nc\r\n')).toBe('a\r\ncaf\xe9\r\nc\r\n')
    expect(merge('c', 2, 1, 'a\nb\nC\n', 'a\nb\nC\n')).toBe('a\nb\nc')
    expect(merge('b\n', 1, 0, 'a\n', 'a\n')).toBe('a\nb\n')
  })

  it('never run into one another', () => {
    expect(merge('b\n', 1, 0, 'a', 'a')).toEqual({ was: 'a', is: 'a', wanted: 'ab\n' })
    expect(merge('b', 1, 0, 'a\nc\n', 'a\nc\n')).toMatchObject({ is: 'a\nc\n' })
  })
})

describe('lines of a version', () => {
  let project: ProjectFixture
  beforeEach(() => {
    project = new ProjectFixture()
    mkdirSync(join(project.root, 'meta'))
    project.append(created(project.file('a', 'one\ntwo\nthree\n', { mode: 0o640 })))
    project.append(edited(project.file('a', 'one\nthree\n', { mode: 0o640 })))
  })
  afterEach(() => project.close())
  const plan = (query: Partial<RestoreLinesQuery> = {}) =>
    planRestoreLines(project.history, {
      ...{ path: 'a', from: '1', to: '2', fromLine: 2, fromCount: 1, toLine: 1, toCount: 0, ...query },
    })

  it('become a new content of the file, with its mode', () => {
    expect(plan()).toMatchObject({
      kind: 'done',
      sentence: 'Line 2 of version 1 is back in "a".',
      steps: [{ kind: 'bytes', path: 'a', content: Buffer.from('one\ntwo\nthree\n').toString('base64'), mode: 0o640 }],
    })
    project.append(renamed('a', project.file('b', 'zero\none\nthree\n')))
    expect(plan({ path: 'b' })).toMatchObject({
      steps: [{ path: 'b', content: Buffer.from('zero\none\ntwo\nthree\n').toString('base64') }],
    })
  })

  it('that came later are taken out', () => {
    expect(plan({ from: '2', to: '1', fromLine: 1, fromCount: 0, toLine: 2, toCount: 1 })).toMatchObject({
      kind: 'conflict',
    })
    project.append(edited(project.file('a', 'one\ntwo\nthree\n')))
    expect(plan({ from: '2', to: '3', fromLine: 1, fromCount: 0, toLine: 2, toCount: 1 })).toMatchObject({
      sentence: 'Line 2 that came after version 2 is out of "a".',
      steps: [{ content: Buffer.from('one\nthree\n').toString('base64') }],
    })
  })

  it('whose surroundings changed are put where the user says, unless the file changed once more', () => {
    project.append(edited(project.file('a', 'eins\ndrei\n', { mode: 0o640 })))
    const question = { kind: 'conflict', baseLine: 1, nowLine: 1, version: 3, now: 'eins\ndrei\n' }
    expect(plan()).toMatchObject(question)
    const content = (take: 'back' | 'both') => {
      const done = plan({ choice: { take, now: 3 } })
      const step = done.kind === 'done' ? done.steps[0] : undefined
      return step?.kind === 'bytes' ? Buffer.from(step.content, 'base64').toString() : null
    }
    expect(content('back')).toBe('one\ntwo\nthree\n')
    expect(content('both')).toBe('eins\ndrei\ntwo\n')
    expect(plan({ choice: { take: 'both', now: 3 } })).toMatchObject({
      sentence: 'Line 2 of version 1 is in "a", behind what is there.',
    })
    project.append(edited(project.file('a', 'un\ntrois', { mode: 0o640 })))
    expect(plan({ choice: { take: 'back', now: 3 } })).toMatchObject({ kind: 'conflict', version: 4 })
    const both = plan({ choice: { take: 'both', now: 4 } })
    expect(both).toMatchObject({ steps: [{ content: Buffer.from('un\ntrois\ntwo\n').toString('base64') }] })
  })

  it('that were pruned say so, with the version near it that is kept', async () => {
    const gone = 'ab'.repeat(32)
    project.append(edited(project.file('a', '', { object: gone, size: 9 })))
    project.append(edited(project.file('a', 'one\nfour\n')))
    await Pruned.read(project.root).add({ upTo: 4, keep: '1 version', objects: [gone] }, 1_700_000_000_000)
    const pruned = {
      code: 'E_PRUNED',
      message: expect.stringMatching(/Version 3 .* was pruned .*; version [24], /) as string,
    }
    const lines = { fromLine: 2, fromCount: 1, toLine: 1, toCount: 0 }
    expect(() => plan({ from: '3', to: '4', ...lines })).toThrow(expect.objectContaining(pruned))
    expect(() => plan({ from: '1', to: '3', ...lines })).toThrow(expect.objectContaining(pruned))
    expect(() => plan({ from: '1', to: '2' })).not.toThrow()
  })

  it('are refused where there is no such line, no text, no file', () => {
    const refused = (code: string) => expect.objectContaining({ code }) as unknown
    expect(() => plan({ fromLine: 3, fromCount: 2 })).toThrow(refused('E_ARGUMENT'))
    expect(() => plan({ fromLine: 0, fromCount: 1 })).toThrow(refused('E_ARGUMENT'))
    project.append(edited(project.file('a', Buffer.from([0, 1]))))
    expect(() => plan()).toThrow(refused('E_RESTORE'))
    project.append(deleted('a'))
    expect(() => plan()).toThrow(refused('E_VERSION_ABSENT'))
  })
})
