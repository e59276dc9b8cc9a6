import { existsSync, statSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findNames, findPrograms } from '../../../src-main/engine/history/find-names.ts'
import { findText, indexText } from '../../../src-main/engine/history/index-text.ts'
import type { OpenHistory } from '../../../src-main/engine/history/open-history.ts'
import type { TextQuery } from '../../../src-main/engine/history/search-history.ts'
import { created, deleted, directory, edited, renamed } from './changes.ts'
import { ProjectFixture } from './project-fixture.ts'

let project: ProjectFixture
let history: OpenHistory
const never = new AbortController().signal
const LIMIT = 100_000_000

beforeEach(() => {
  project = new ProjectFixture()
  history = project.history
})
afterEach(() => project.close())

const fill = (limit = LIMIT) => indexText(history, limit, never)
const find = (text: string, more: Partial<TextQuery> = {}) =>
  findText(history, { text, path: '', before: null, limit: 100, ...more }, never)
/** `path from..to`, `+` when it is still there. */
async function spans(text: string, more: Partial<TextQuery> = {}): Promise<string[]> {
  const { hits } = await find(text, more)
  return hits.map(({ from, to, still }) => `${to.path} ${from.number}..${to.number}${still ? '+' : ''}`)
}

describe('a sentence', () => {
  beforeEach(async () => {
    project.append(
      created(project.file('a', 'The first line\nThe committee agreed.\n')),
      created(project.file('b', 'x\n')),
    )
    project.append(edited(project.file('a', 'The first line\nThe committee agreed.\nMore\n')))
    project.append(renamed('a', project.file('c', 'The first line\nThe committee agreed.\nMore\n')))
    project.append(edited(project.file('c', 'The first line\nMore\n')))
    project.append(edited(project.file('b', 'Once: the COMMITTEE agreed. Äpfel\n')))
    project.append(edited(project.file('c', 'The first line\nMore\nThe committee agreed.\n')))
    await fill()
  })

  it('is found in all versions that had it, whatever its case and the name of the file', async () => {
    expect(await spans('the committee AGREED')).toEqual(['c 5..5+', 'b 2..2+', 'c 1..3'])
    expect(await spans('äpfel')).toEqual(['b 2..2+'])
    expect(await spans('the first line')).toEqual(['c 1..5+'])
    expect(await spans('never written')).toEqual([])
  })

  it('is shown where it is, as it is', async () => {
    expect((await find('committee', { path: 'b' })).hits).toMatchObject([
      { line: 1, context: 'Once: the COMMITTEE agreed. Äpfel' },
    ])
    expect((await find('committee', { path: 'c' })).hits[0]).toMatchObject({ line: 3 })
  })

  it('is looked for in one file, one folder, one time', async () => {
    project.append(created(directory('d')), created(project.file('d/e', 'the committee agreed\n')))
    await fill()
    expect(await spans('committee', { path: 'd' })).toEqual(['d/e 1..1+'])
    expect(await spans('committee', { path: 'c' })).toEqual(['c 5..5+', 'c 1..3'])
    await expect(find('committee', { path: 'nope' })).rejects.toMatchObject({ code: 'E_PATH_UNKNOWN' })
    const at = (n: number): [number, number] => [1_700_000_000 + n, 123]
    expect(await spans('committee', { since: at(2), until: at(2) })).toEqual(['c 1..3'])
    expect(await spans('committee', { since: at(3), until: at(3) })).toEqual([])
    expect(await spans('committee', { since: at(6) })).toEqual(['d/e 1..1+', 'c 5..5+', 'b 2..2+'])
  })

  it('over several lines is found too, and one that is too short refused', async () => {
    expect(await spans('line\nThe committee')).toEqual(['c 1..3'])
    await expect(find('ab')).rejects.toMatchObject({ code: 'E_ARGUMENT' })
    await expect(find('a\nb\nc')).rejects.toMatchObject({ code: 'E_ARGUMENT' })
  })

  it('ends with a deletion and begins anew after it', async () => {
    project.append(deleted('c'))
    project.append(created(project.file('c', 'The committee agreed.\n')))
    await fill()
    expect(await spans('committee', { path: 'c' })).toEqual(['c 7..7+', 'c 5..5', 'c 1..3'])
  })

  it('is not found before it was taken in, and how much lags is told', async () => {
    project.append(edited(project.file('b', 'brand new words\n')))
    project.append(edited(project.file('b', 'newer\n')))
    expect(await find('brand new')).toMatchObject({ hits: [], behind: 2 })
    await fill()
    expect(await find('brand new')).toMatchObject({ hits: [{ still: false }], behind: 0 })
  })
})

it('what is no text, or cannot be read, is passed over', async () => {
  project.append(created(project.file('image', Buffer.from('sentence\0sentence'))))
  project.append(created(project.file('gone', 'sentence')), created(project.file('link', 'sentence')))
  const [object] = [project.store.put(Buffer.from('sentence')).hash]
  project.append(created({ ...project.file('lost', ''), object: object.replace(/^../, '00'), size: 8, text: true }))
  await fill()
  expect((await spans('sentence')).sort()).toEqual(['gone 1..1+', 'link 1..1+'])
})

it('pages miss and repeat nothing', async () => {
  for (let n = 0; n < 40; n++) project.append(created(project.file(`f${n}`, `needle ${'x'.repeat(9000)}${n}\n`)))
  await fill()
  const whole = await spans('needle')
  expect(whole).toHaveLength(40)
  const paged: string[] = []
  for (let before: number | null = null; ;) {
    const { hits, next } = await find('needle', { before, limit: 3 })
    paged.push(...hits.map(({ to }) => `${to.path} 1..1+`))
    if ((before = next) === null) break
  }
  expect(paged).toEqual(whole)
})

it('whatever a file went through, what is found is what its versions hold', async () => {
  const words = fc.array(fc.constantFrom('alpha', 'beta', 'gamma', 'alphabet'), { maxLength: 4 })
  const steps = fc.array(fc.oneof(words, fc.constant(null)), { minLength: 1, maxLength: 14 })
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 5 }), async (texts, lot) => {
      const own = new ProjectFixture()
      const about = own.history
      try {
        for (const [n, text] of texts.entries()) {
          own.append(text === null ? deleted('a') : edited(own.file('a', text.join('\n'))))
          if (n % lot === 0) await indexText(about, LIMIT, never)
        }
        await indexText(about, LIMIT, never)
        const { hits } = await findText(about, { text: 'alpha', path: '', before: null, limit: 100 }, never)
        const found = new Set(
          hits.flatMap(({ from, to }) =>
            Array.from({ length: to.number - from.number + 1 }, (_, at) => from.number + at),
          ),
        )
        const truth = texts.flatMap((text, n) => (text?.some((word) => word.includes('alpha')) ? [n + 1] : []))
        expect([...found].sort((a, b) => a - b)).toEqual(truth)
      } finally {
        own.close()
      }
    }),
    { numRuns: 40 },
  )
})

describe('the index for it', () => {
  const write = (n: number) =>
    project.append(
      edited(project.file('log', Array.from({ length: 300 }, (_, i) => `${n} ${i} ${n * i * 7919}\n`).join(''))),
    )

  it('is let go of where it is older than its limit allows, and says from when it is', async () => {
    for (let n = 0; n < 120; n++) write(n)
    await fill(150_000)
    expect(statSync(history.search).size).toBeLessThan(400_000)
    const { coveredFrom, hits } = await find('119 299 ')
    expect(hits).toHaveLength(1)
    expect(coveredFrom?.[0]).toBeGreaterThan(1_700_000_000)
    expect(await find('0 299 0')).toMatchObject({ hits: [] })
  })

  it('is removed where there is to be none', async () => {
    write(1)
    await fill()
    await fill(0)
    expect(existsSync(history.search)).toBe(false)
    expect(await find('some text')).toMatchObject({ hits: [], behind: 1 })
  })

  it('is made anew when it is damaged, or is that of another history', async () => {
    write(1)
    writeFileSync(history.search, 'no database at all, but long enough to be looked at'.repeat(50))
    await fill()
    expect((await find('1 299 ')).hits).toHaveLength(1)
    const other = new ProjectFixture()
    other.append(created(other.file('x', 'first\n')))
    const hash = { ...other.changes.list[0]!, hash: 'Z'.repeat(53) }
    other.close()
    const third = new ProjectFixture()
    third.index.append([
      {
        ...hash,
        metadata: { ...hash.metadata, entries: [{ ...created(third.file('x', 'elsewhere\n')), operations: [1, 1] }] },
      },
    ])
    const moved = { ...third.history, search: history.search }
    expect(await findText(moved, { text: 'elsewhere', path: '', before: null, limit: 9 }, never)).toMatchObject({
      behind: 1,
    })
    await indexText(moved, LIMIT, never)
    expect((await findText(moved, { text: 'elsewhere', path: '', before: null, limit: 9 }, never)).hits).toHaveLength(1)
    third.close()
  })

  it('stops between two lots and goes on from there', async () => {
    for (let n = 0; n < 30; n++) write(n)
    const stop = new AbortController()
    const running = indexText(history, LIMIT, stop.signal)
    stop.abort()
    await running
    const { behind } = await find('29 299 ')
    expect(behind).toBeGreaterThan(0)
    await fill()
    expect(await find('29 299 ')).toMatchObject({ behind: 0, hits: [{ still: true }] })
  })
})

describe('names and programs', () => {
  it('are found by a part, also those of what is gone or has another name', () => {
    project.append(created(directory('drafts')), created(project.file('drafts/Conclusion.tex', '')))
    project.append(renamed('drafts', directory('old')), created(project.file('100%_done', '')))
    project.append(deleted('100%_done'))
    const names = (text: string) => findNames(project.sqlite, text, 10).map(({ path }) => path)
    expect(names('conclu')).toEqual(['old/Conclusion.tex'])
    expect(names('DRAFT')).toEqual(['old'])
    expect(names('%_')).toEqual(['100%_done'])
    expect(names('drafts/c')).toEqual(['old/Conclusion.tex'])
    expect(names('_.tex')).toEqual([])
    expect(findPrograms(project.sqlite, 'VI', 10)).toEqual([{ name: 'vim', versions: 5, time: [1_700_000_002, 123] }])
  })
})
