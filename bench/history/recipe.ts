import { makeTree, numberedText } from '../material.ts'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a long history is made of. Another number is another project: what lies in the cache is made anew. */
export const RECIPE = 1

export interface LongShape {
  readonly files: number
  readonly changes: number
}

/** About as many bytes for each file: a history is long by its versions. */
const BYTES = 600
const LINES = 5000
/** Bytes of the file that has one line. */
const LONG_LINE = 5 * 2 ** 20
/** Files that are changed over and over, and the part of all changes that goes to them: one in so many. */
const BUSY_FILES = 10
const BUSY_EVERY = 5
const SEVERAL_EVERY = 20
const DELETES_EVERY = 500
/** Between two changes on average: about two years for 100,000. */
const GAP_SECONDS = 630
const PROGRAMS = ['vim', 'code', 'make', 'node', 'python3', 'gcc'] as const

/** Files with two versions that are compared. */
export const compared = {
  some: 'compare/some.ts',
  apart: 'compare/apart.ts',
  line: 'compare/line.json',
} as const

export interface PlannedChange {
  /** Seconds since 1970. */
  readonly time: number
  readonly program: string
  readonly pid: number
  readonly kind: 'edit' | 'delete'
  readonly paths: readonly string[]
}

/** Writes the files as they are taken in; returns the paths of those that are changed later, busy ones first. */
export async function makeFirstTree(folder: string, { files }: LongShape): Promise<string[]> {
  const paths = await makeTree(folder, { files, bytes: files * BYTES })
  await mkdir(join(folder, 'compare'))
  for (const [path, text] of comparedTexts('before')) await writeFile(join(folder, path), text)
  return paths.filter((path) => path.endsWith('.c'))
}

/** The files of `compared`, before their only change or after it. */
export function comparedTexts(when: 'before' | 'after'): readonly (readonly [string, string])[] {
  const after = when === 'after'
  const some = sourceText('kept').map((line, n) => (after && n % 10 === 0 ? line.replace('value', 'amount') : line))
  const json = JSON.stringify({ name: when, text: numberedText(Math.ceil(LONG_LINE / 50)).slice(0, LONG_LINE) })
  return [
    [compared.some, `${some.join('\n')}\n`],
    [compared.apart, `${sourceText(after ? 'new' : 'old').join('\n')}\n`],
    [compared.line, json],
  ]
}

/** Lines of a program that no line of one with another word is equal to. */
function sourceText(word: string): string[] {
  return Array.from({ length: LINES }, (_, n) => {
    const name = `${word}${n}`
    const body = n % 3 === 0 ? `'${word} text ${n}'` : `value * ${n} + ${name.length}`
    return `export const ${name} = (value: number): unknown => ${body} // ${word}`
  })
}

/** How long before the newest change the files were taken in. */
export function beforeSeconds(changes: number): number {
  return (changes + 1) * GAP_SECONDS
}

/** Which change touches what; the same for the same shape but for the time of the newest, which is `until`. */
export function* plannedChanges(paths: readonly string[], changes: number, until: number): Generator<PlannedChange> {
  const gone = new Set<string>()
  let state = 1
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const pick = (n: number): string => {
    if (n % BUSY_EVERY === 0) return paths[(n / BUSY_EVERY) % BUSY_FILES] as string
    for (;;) {
      const path = paths[BUSY_FILES + random(paths.length - BUSY_FILES)] as string
      if (!gone.has(path)) return path
    }
  }
  for (let n = 1; n <= changes; n++) {
    const time = until - (changes - n) * GAP_SECONDS - random(GAP_SECONDS / 2)
    const deletes = n % DELETES_EVERY === 1
    const count = n % SEVERAL_EVERY === 0 ? 3 : 1
    const touched = new Set(Array.from({ length: count }, (_, i) => pick(deletes ? 1 : n + i)))
    if (deletes) for (const path of touched) gone.add(path)
    const program = deletes ? 'rm' : (PROGRAMS[Math.floor(n / 7) % PROGRAMS.length] as string)
    yield { time, program, pid: 1000 + Math.floor(n / 7), kind: deletes ? 'delete' : 'edit', paths: [...touched] }
  }
}
