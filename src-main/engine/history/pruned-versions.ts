import { z } from 'zod'
import { pathToText } from '../../../src-preload/path-text.ts'
import { IzeError } from '../ize-error.ts'
import type { ObjectStore } from '../store/object-store.ts'
import type { Prune, Pruned } from '../store/retention/pruned.ts'
import { localTime } from './local-time.ts'
import type { Sqlite } from './sqlite.ts'
import { SELECT_VERSIONS, type Version, versionOf } from './version-rows.ts'

/** Where a content was asked for, which says of which of the versions that had it. */
export interface Asked {
  readonly file?: number | undefined
  readonly path?: string | undefined
}

/** Which versions have their contents no more since they were pruned. All else of them is known as ever. */
export class PrunedVersions {
  constructor(
    private readonly sqlite: Sqlite,
    private readonly store: ObjectStore,
    private readonly pruned: Pruned,
  ) {}

  /** Contents that were pruned, and did not come back since. */
  allGone(): string[] {
    return [...this.pruned.objects()].filter((object) => !this.store.has(object))
  }

  /** When a content went: seconds and nanoseconds; null: it is there, or did not go by a prune. */
  time(object: string | undefined): readonly [number, number] | null {
    const prune = object === undefined ? undefined : this.gone(object)
    return prune ? timeOf(prune) : null
  }

  /** Adds to versions when they were pruned. */
  mark<V extends Pick<Version, 'state'>>(versions: readonly V[]): (V & Marked)[] {
    return versions.map((version) => ({ ...version, pruned: this.time(version.state.object) }))
  }

  /** Errors: E_PRUNED when one of the contents is gone; the first is named, and how many more there are. */
  expectAll(contents: Iterable<{ readonly object: string | undefined } & Asked>): void {
    if (this.pruned.size === 0) return
    const gone = [...contents].filter(({ object }) => object !== undefined && this.gone(object))
    const [first] = gone
    if (first?.object !== undefined) throw this.explain(first.object, first, gone.length - 1)
  }

  /** An error of the store that is no damage, but a content that was pruned, says so; others are as they were. */
  translate(error: unknown, asked: Asked): unknown {
    if (!(error instanceof IzeError) || error.code !== 'E_OBJECT_MISSING') return error
    const { object } = error.data
    return typeof object === 'string' && this.gone(object) ? this.explain(object, asked) : error
  }

  private gone(object: string): Prune | undefined {
    const prune = this.pruned.of(object)
    return prune && !this.store.has(object) ? prune : undefined
  }

  private explain(object: string, asked: Asked, more = 0): IzeError {
    const prune = this.pruned.of(object)
    const version = this.versionWith(object, asked)
    if (!prune || !version) throw new Error(`The content ${object} is of no version.`)
    const { number, path, change } = version
    const when = prune && localTime(timeOf(prune))
    const nearest = this.nearestTo(version)
    const kept = nearest
      ? `version ${nearest.number}, of ${localTime(nearest.change.time)}, is the nearest that is kept`
      : 'no other version of it has its content'
    const others = more === 0 ? '' : ` With it ${more} more of what was asked for ${more === 1 ? 'is' : 'are'} gone.`
    return new IzeError(
      'E_PRUNED',
      `Version ${number} of "${pathToText(path)}", of ${localTime(change.time)}, was pruned at ${when}; ${kept}.${others}`,
      { path: pathToText(path), version: number, pruned: prune.time, nearest: nearest?.number ?? null },
    )
  }

  private versionWith(object: string, { file, path }: Asked): Version | null {
    const one = (where: string, ...values: readonly (string | number)[]): Version | null => {
      const row = this.sqlite.get(
        `${SELECT_VERSIONS} WHERE v.state ->> 'object' = ? AND ${where} ORDER BY v.id LIMIT 1`,
        object,
        ...values,
      )
      return row && versionOf(row)
    }
    const ofFile = file === undefined ? null : one('v.file = ?', file)
    return ofFile ?? (path === undefined ? null : one('v.path = ?', path)) ?? one('1')
  }

  private nearestTo({ id, file }: Version): Version | null {
    const near = this.sqlite
      .all(
        `SELECT id, state ->> 'object' AS object FROM version
         WHERE file = ? AND state ->> 'object' IS NOT NULL ORDER BY abs(id - ?)`,
        file,
        id,
      )
      .map((row) => nearRow.parse(row))
      .find(({ object }) => this.store.has(object))
    return near ? versionOf(this.sqlite.get(`${SELECT_VERSIONS} WHERE v.id = ?`, near.id)) : null
  }
}

/** `pruned`: when the content went; null: it is there. */
export interface Marked {
  readonly pruned: readonly [number, number] | null
}

const nearRow = z.object({ id: z.number(), object: z.string() })

function timeOf({ time }: Prune): readonly [number, number] {
  return [Math.floor(time / 1000), (time % 1000) * 1_000_000]
}
