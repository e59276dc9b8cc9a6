import { pathToText } from '../../../src-preload/path-text.ts'
import { IzeError } from '../ize-error.ts'
import type { RestoreStep } from '../project/session.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { linesOf } from './line-places.ts'
import { locateAt } from './locate.ts'
import { type Lines, mergeLines } from './merge-lines.ts'
import type { OpenHistory } from './open-history.ts'
import { resolveVersion, versionAt } from './resolve-version.ts'
import { NOW } from './restore-steps.ts'
import type { Sqlite } from './sqlite.ts'
import { contentSourceOrFail, readContent } from './version-content.ts'
import type { Version } from './version-rows.ts'

export interface RestoreLinesQuery {
  readonly path: string
  readonly from: string
  /** Null: the newest. */
  readonly to: string | null
  /** As a hunk's header has it: from 1; of no lines, the line before them. */
  readonly fromLine: number
  readonly fromCount: number
  readonly toLine: number
  readonly toCount: number
  /** What becomes of a conflict that was shown while the file was the version `now`. */
  readonly choice?: { readonly take: 'back' | 'both'; readonly now: number } | undefined
}

export type RestoreLinesPlan =
  | { readonly kind: 'done'; readonly steps: readonly RestoreStep[]; readonly sentence: string }
  | {
      readonly kind: 'conflict'
      readonly base: string
      readonly now: string
      readonly wanted: string
      /** From 1. */
      readonly baseLine: number
      readonly nowLine: number
      /** Number of the file's version now. */
      readonly version: number
    }

/** Longer contents are not compared line by line. */
const LIMIT = 16 * 1024 * 1024
/** What is shown of each side of a conflict. */
const SHOWN = 256 * 1024

/**
 * The step that puts lines of an earlier version in place of those that became of them, in the file as it is now.
 * Errors: as of `resolveVersion`; E_VERSION_ABSENT, E_NOT_A_FILE, E_RESTORE when it is no text, E_ARGUMENT for lines
 * that a version has not, E_PRUNED, those of the store.
 */
export function planRestoreLines(
  { sqlite, store, versions }: Pick<OpenHistory, 'sqlite' | 'store' | 'versions'>,
  query: RestoreLinesQuery,
): RestoreLinesPlan {
  const { path } = query
  const from = resolveVersion(sqlite, path, query.from).version
  const to = resolveVersion(sqlite, path, query.to).version
  const now = versionNow(sqlite, path)
  versions.expectAll([from, to, now].map(({ file, state }) => ({ file, path, object: state.object })))
  const [wanted, base, present] = [from, to, now].map((version) => textOf(store, version))
  if (!wanted || !base || !present) throw new Error('Three contents were read.')
  const taken = linesIn(wanted, query.fromLine, query.fromCount, from)
  const replaced = linesIn(base, query.toLine, query.toCount, to)
  const lines = linesOf(wanted).slice(taken.at, taken.at + taken.count)
  const merged = mergeLines(lines, replaced, base, present)
  const name = `"${pathToText(path)}"`
  if (merged.kind === 'conflict') {
    const { choice } = query
    if (choice?.now === now.number) {
      const where = choice.take === 'back' ? 'in place of what was there' : 'behind what is there'
      const sentence = `${wordsFor(taken)} of version ${from.number} ${taken.count === 1 ? 'is' : 'are'} in ${name}, ${where}.`
      const content = merged.resolved(choice.take)
      return {
        kind: 'done',
        steps: [stepFor(path, now, content)],
        sentence: taken.count === 0 ? outOf(name) : sentence,
      }
    }
    const shown = (content: Buffer): string => content.toString('utf8', 0, SHOWN)
    return {
      ...{ kind: 'conflict', base: shown(merged.base), now: shown(merged.now), wanted: shown(merged.wanted) },
      ...{ baseLine: merged.baseAt + 1, nowLine: merged.nowAt + 1, version: now.number },
    }
  }
  if (merged.content.equals(present)) {
    return { kind: 'done', steps: [], sentence: `${name} already has these lines as in version ${from.number}.` }
  }
  const sentence = `${wordsFor(taken)} of version ${from.number} ${taken.count === 1 ? 'is' : 'are'} back in ${name}.`
  const gone = `${wordsFor(replaced)} that came after version ${from.number} ${replaced.count === 1 ? 'is' : 'are'} out of ${name}.`
  return { kind: 'done', steps: [stepFor(path, now, merged.content)], sentence: taken.count === 0 ? gone : sentence }
}

function outOf(name: string): string {
  return `The lines that came later are out of ${name}.`
}

function versionNow(sqlite: Sqlite, path: string): Version {
  const file = locateAt(sqlite, path, NOW)
  const version = file === null ? null : versionAt(sqlite, file, NOW)
  if (version?.state.present && version.state.type === 'file') return version
  throw new IzeError(
    'E_VERSION_ABSENT',
    `"${pathToText(path)}" is no file now, so lines cannot be put into it; restore a whole version.`,
  )
}

function textOf(store: ObjectStore, { path, number, state }: Version): Buffer {
  const source = contentSourceOrFail(path, number, state)
  if (state.type !== 'file') throw noText(path, number)
  const content = readContent(store, source, LIMIT)
  if (content.includes(0)) throw noText(path, number)
  return content
}

function noText(path: string, number: number): IzeError {
  return new IzeError('E_RESTORE', `Version ${number} of "${pathToText(path)}" is no text; restore the whole version.`)
}

function linesIn(content: Buffer, line: number, count: number, { path, number }: Version): Lines {
  const at = count === 0 ? line : line - 1
  const { length } = linesOf(content)
  if (at >= 0 && at + count <= length) return { at, count }
  throw new IzeError('E_ARGUMENT', `Version ${number} of "${pathToText(path)}" has ${length} lines only.`)
}

function wordsFor({ at, count }: Lines): string {
  return count === 1 ? `Line ${at + 1}` : `Lines ${at + 1} to ${at + count}`
}

function stepFor(path: string, { state }: Version, content: Buffer): RestoreStep {
  const { mode = 0o644, uid = process.getuid?.() ?? 0, gid = process.getgid?.() ?? 0, xattrs = {} } = state
  const ms = Date.now()
  const mtime = [Math.floor(ms / 1000), (ms % 1000) * 1_000_000] as const
  return { kind: 'bytes', path, content: content.toString('base64'), mode, uid, gid, mtime, xattrs }
}
