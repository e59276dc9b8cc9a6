import { readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findText, indexText, textLag } from '../../../src-main/engine/history/index-text.ts'
import type { OpenHistory } from '../../../src-main/engine/history/open-history.ts'
import { edited } from './changes.ts'
import { ProjectFixture } from './project-fixture.ts'

let project: ProjectFixture
let history: OpenHistory
let sound: Buffer
const never = new AbortController().signal
const VERSIONS = 60
const LIMIT = 100_000_000

beforeEach(async () => {
  project = new ProjectFixture()
  history = project.history
  for (let n = 0; n < VERSIONS; n++) {
    const lines = Array.from({ length: 40 }, (_, line) => `version ${n} says ${(n * 7919 + line * 104_729) % 9973}\n`)
    project.append(edited(project.file('notes', lines.join(''))))
  }
  await indexText(history, LIMIT, never)
  sound = readFileSync(history.search)
})
afterEach(() => project.close())

const find = () => findText(history, { text: 'version 31 says', path: '', before: null, limit: 10 }, never)

it('wherever a byte of the index is wrong, a search is answered, and the index made anew when it cannot be read', async () => {
  let damaged = 0
  for (let at = 0; at < sound.length; at += 397) {
    const bytes = Buffer.from(sound)
    bytes[at] = (bytes[at] ?? 0) ^ 0xff
    writeFileSync(history.search, bytes)
    const found = await find()
    // What is wrong within a list of lots cannot be told from a list; it names too many or too few of them.
    for (const { from } of found.hits) expect(from.number).toBe(32)
    textLag(history)
    if (!found.damaged) continue
    damaged++
    expect(found).toMatchObject({ hits: [], behind: VERSIONS })
    expect(await indexText(history, LIMIT, never)).toEqual({ damaged: false })
    expect((await find()).hits).toHaveLength(1)
  }
  expect(damaged).toBeGreaterThan(3)
})

it('one that is damaged while it is filled is made anew, whole', async () => {
  const schema = sound.indexOf('CREATE TABLE')
  expect(schema).toBeGreaterThan(0)
  for (const spoil of [schema, 20, 1024 * 4 + 1]) {
    const bytes = Buffer.from(sound)
    bytes.fill(0xa5, spoil, spoil + 300)
    writeFileSync(history.search, bytes)
    project.append(edited(project.file('notes', `later ${spoil}\n`)))
    const { damaged } = await indexText(history, LIMIT, never)
    expect(textLag(history)).toEqual({ behind: 0 })
    const found = await find()
    if (damaged) expect(found.hits).toHaveLength(1)
    else expect(found.damaged || found.hits.length <= 1).toBe(true)
    writeFileSync(history.search, sound)
  }
})

it('takes less than half of the text, also of versions of a line each, taken in as they come', async () => {
  const own = new ProjectFixture()
  try {
    const words = 'the committee agreed that what was written last year is to be kept as it was then said'.split(' ')
    let text = 0
    for (let n = 0; n < 2500; n++) {
      const line = `${n}: ${Array.from({ length: 9 }, (_, at) => words[(n * (at + 3)) % words.length]).join(' ')}\n`
      text += line.length
      own.append(edited(own.file('diary', line)))
      if (n % 200 === 0) await indexText(own.history, LIMIT, never)
    }
    await indexText(own.history, LIMIT, never)
    expect(readFileSync(own.history.search).length).toBeLessThan(text / 2)
    const query = { text: '2471: ', path: '', before: null, limit: 10 }
    expect((await findText(own.history, query, never)).hits.map(({ from }) => from.number)).toEqual([2472])
  } finally {
    own.close()
  }
})
