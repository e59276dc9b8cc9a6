import { z } from 'zod'
import { pathToText } from '../../../src-preload/path-text.ts'
import { IzeError } from '../ize-error.ts'
import type { OpenHistory } from './open-history.ts'
import { FOREVER, ROOT } from './index-schema.ts'
import { locateOrFail } from './history-pages.ts'
import { versionAt } from './resolve-version.ts'
import type { Lot, SearchDatabase } from './search-database.ts'
import { chainOf, folded, TEXT_OBJECT, Texts, type TextVersion } from './search-text.ts'
import type { Version } from './version-rows.ts'

export interface TextQuery {
  readonly text: string
  readonly path: string
  readonly since?: readonly [number, number] | undefined
  readonly until?: readonly [number, number] | undefined
  /** `next` of the page before; null: the newest. */
  readonly before: number | null
  readonly limit: number
}

/** The versions of a file, one after the other, that have a text: from the one that brought it to the last. */
export interface TextHit {
  readonly from: Version
  readonly to: Version
  /** No later version is without it: the file has it now. */
  readonly still: boolean
  /** Where it is in the last of them: the number of the line, from 1, and what is around it there. */
  readonly line: number
  readonly context: string
}

/** Characters of a line that are shown around what was found. */
const AROUND = 80
/** So many trigrams tell texts apart. */
const TRIGRAMS = 48

/**
 * Finds a text, whatever its case, in all versions that search.db covers: those that brought it newest first, one at a
 * time, so that the caller may stop in between; at last where the next page begins. Ends a page with a whole lot.
 *
 * Between two candidates of one file no line with the text has come, so those that have it can only have become fewer:
 * where it ended is found by halving. Errors: E_ARGUMENT for a text of less than three characters; E_PATH_UNKNOWN.
 */
export function* searchText(
  { sqlite, store }: OpenHistory,
  database: SearchDatabase,
  query: TextQuery,
): Generator<TextHit | null, number | null> {
  const needle = folded(query.text)
  const lots = database.candidates(trigramsOf(needle))
  const upTo = database.done()?.version ?? 0
  const chains = new Chains(sqlite, upTo)
  const search = new FileSearch(new Texts(store), needle, lots)
  const file = query.path === '' ? ROOT : locateOrFail(sqlite, query.path)
  let found = 0
  for (const lot of lots.filter(({ first }) => first < (query.before ?? FOREVER)).reverse()) {
    for (const { id, file: of } of textsIn(sqlite, lot, query.path, file)) {
      // Nothing found, but the caller may stop here.
      yield null
      const chain = chains.of(of)
      const at = placeOf(chain, id)
      if (!search.begins(chain, at)) continue
      const end = search.endOf(chain, at)
      const [from, to] = [versionAt(sqlite, of, id), versionAt(sqlite, of, chain[end]?.id ?? id)]
      if (
        !from ||
        !to ||
        !within(query, from, end < chain.length - 1 ? versionAt(sqlite, of, chain[end + 1]?.id ?? 0) : null)
      )
        continue
      found++
      yield { from, to, still: end === chain.length - 1, ...search.show(chain[end]) }
    }
    if (found >= query.limit) return lot.first === lots[0]?.first ? null : lot.first
  }
  return null
}

/** The versions of files lately asked for: those of one file lie beside one another in a lot. */
class Chains {
  private readonly known = new Map<number, readonly TextVersion[]>()
  private held = 0

  constructor(
    private readonly sqlite: OpenHistory['sqlite'],
    private readonly upTo: number,
  ) {}

  of(file: number): readonly TextVersion[] {
    let chain = this.known.get(file)
    if (!chain) {
      chain = chainOf(this.sqlite, file, this.upTo)
      if ((this.held += chain.length) > HELD) {
        this.known.clear()
        this.held = chain.length
      }
      this.known.set(file, chain)
    }
    return chain
  }
}

/** Versions. */
const HELD = 100_000

/** Questions about the versions of files and one text. */
class FileSearch {
  private readonly has = new Map<string, boolean>()

  constructor(
    private readonly texts: Texts,
    private readonly needle: string,
    private readonly lots: readonly Lot[],
  ) {}

  /** Whether a version has it that the one before had not. */
  begins(chain: readonly TextVersion[], at: number): boolean {
    return this.contains(chain[at]) && !this.contains(chain[at - 1])
  }

  /** The last version without a gap that has it, from one that does on. */
  endOf(chain: readonly TextVersion[], start: number): number {
    for (let at = start; ;) {
      let next = at + 1
      while (next < chain.length && !this.isCandidate(chain[next])) next++
      let [has, lacks] = [at, next]
      while (lacks - has > 1) {
        const middle = (has + lacks) >> 1
        if (this.contains(chain[middle])) has = middle
        else lacks = middle
      }
      if (has < next - 1 || !this.contains(chain[next])) return has
      at = next
    }
  }

  /** The line with it, of the text as it is. */
  show(version: TextVersion | undefined): { line: number; context: string } {
    const object = version?.object ?? null
    if (object === null) return { line: 0, context: '' }
    const text = this.texts.of(object)
    const at = text.indexOf(this.needle)
    const line = text.slice(0, at).split('\n').length
    const whole = this.texts.plain(object).split('\n')[line - 1] ?? ''
    const column = at - (text.lastIndexOf('\n', at - 1) + 1)
    const start = Math.max(0, column - AROUND)
    return { line, context: whole.slice(start, column + this.needle.length + AROUND).trim() }
  }

  private contains(version: TextVersion | undefined): boolean {
    const object = version?.object ?? null
    if (object === null) return false
    let has = this.has.get(object)
    if (has === undefined) this.has.set(object, (has = this.texts.of(object).includes(this.needle)))
    return has
  }

  private isCandidate(version: TextVersion | undefined): boolean {
    if (!version) return false
    const lot = this.lots[firstWhere(this.lots, ({ last }) => last >= version.id)]
    return lot !== undefined && lot.first <= version.id
  }
}

function placeOf(chain: readonly TextVersion[], id: number): number {
  return firstWhere(chain, (version) => version.id >= id)
}

/** Place of the first item that passes a test, which all behind it pass too. */
function firstWhere<T>(items: readonly T[], test: (item: T) => boolean): number {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const item = items[middle]
    if (item !== undefined && test(item)) high = middle
    else low = middle + 1
  }
  return low
}

const textRow = z.object({ id: z.number(), file: z.number() })

/** The versions of a lot that have a text, newest first: of one file through all its names, or below a folder. */
function textsIn(
  sqlite: OpenHistory['sqlite'],
  { first, last }: Lot,
  path: string,
  file: number,
): readonly z.infer<typeof textRow>[] {
  const where = path === '' ? '' : 'AND (v.file = ? OR (v.path >= ? AND v.path < ?))'
  return sqlite
    .all(
      `SELECT v.id, v.file FROM version v WHERE v.id BETWEEN ? AND ? AND ${TEXT_OBJECT} IS NOT NULL ${where} ORDER BY v.id DESC`,
      first,
      last,
      ...(path === '' ? [] : [file, `${path}/`, `${path}0`]),
    )
    .map((row) => textRow.parse(row))
}

/** Whether the text was there at some time between: `gone` is the version that had it no more. */
function within({ since, until }: TextQuery, from: Version, gone: Version | null): boolean {
  if (until && later(from.change.time, until)) return false
  return !since || gone === null || later(gone.change.time, since)
}

function later(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a[0] > b[0] || (a[0] === b[0] && a[1] > b[1])
}

/** Of the longest line: lots know lines, not what follows what. */
function trigramsOf(needle: string): string[] {
  const longest = needle.split('\n').reduce((long, line) => (line.length > long.length ? line : long), '')
  const chars = [...longest]
  if (chars.length < 3) {
    const message = `"${pathToText(Buffer.from(needle).toString('latin1'))}" is too short to be searched for: write at least three characters in one line.`
    throw new IzeError('E_ARGUMENT', message)
  }
  const all = [...new Set(chars.slice(2).map((char, at) => `${chars[at] ?? ''}${chars[at + 1] ?? ''}${char}`))]
  const step = Math.max(1, Math.ceil(all.length / TRIGRAMS))
  return all.filter((_, at) => at % step === 0)
}
