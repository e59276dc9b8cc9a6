import { dirname } from 'node:path'
import { z } from 'zod'
import { projectLayout } from '../project/layout.ts'
import { blocksOf, diskUsage } from './disk-usage.ts'
import type { OpenHistory } from './open-history.ts'
import type { Sqlite } from './sqlite.ts'

/** What a project takes on the disk, in bytes, and what takes it. */
export interface SizeReport {
  readonly working: number
  readonly log: number
  readonly store: number
  readonly pijul: number
  readonly index: number
  readonly search: number
  /** How many versions of files there are, and what the contents that are kept would take as plain files, each once. */
  readonly versions: number
  readonly contents: number
  /** Versions whose contents are not there any more, and what those would take. */
  readonly pruned: Gone
  readonly forgotten: Gone
  /** The files whose versions have most in them, all that are different added up. */
  readonly largest: readonly LargeFile[]
}

export interface Gone {
  readonly versions: number
  readonly bytes: number
}

export interface LargeFile {
  /** Its newest path. */
  readonly path: string
  /** Contents that are kept, and their bytes. */
  readonly versions: number
  readonly bytes: number
}

export function sizeReport({ sqlite, store, versions }: OpenHistory, limit: number): SizeReport {
  const layout = projectLayout(dirname(sqlite.file))
  const pruned = versions.allGone()
  const forgotten = [...store.forgotten().keys()].filter((object) => store.isForgotten(object))
  const gone = JSON.stringify([...pruned, ...forgotten])
  const database = (file: string): number => ['', '-wal', '-shm'].reduce((sum, part) => sum + blocksOf(file + part), 0)
  return {
    working: diskUsage(layout.working),
    log: diskUsage(layout.dirty),
    store: diskUsage(layout.objects) + blocksOf(layout.mmr) + diskUsage(layout.refs),
    pijul: diskUsage(layout.pijul) + blocksOf(layout.archive),
    index: database(layout.index),
    search: database(layout.search),
    ...contentsOf(sqlite, gone),
    pruned: goneOf(sqlite, pruned),
    forgotten: goneOf(sqlite, forgotten),
    largest: largestFiles(sqlite, gone, limit),
  }
}

/** Contents by file, each once; named is what of them is gone. */
const KEPT = `SELECT DISTINCT file, state ->> 'object' AS object, coalesce(state ->> 'size', 0) AS size
  FROM version WHERE object IS NOT NULL AND object NOT IN (SELECT value FROM json_each(?))`

function contentsOf(sqlite: Sqlite, gone: string): Pick<SizeReport, 'versions' | 'contents'> {
  const row = sqlite.get(
    `SELECT (SELECT count(*) FROM version) versions,
      (SELECT coalesce(sum(size), 0) FROM (SELECT DISTINCT object, size FROM (${KEPT}))) contents`,
    gone,
  )
  return z.object({ versions: z.number(), contents: z.number() }).parse(row)
}

function goneOf(sqlite: Sqlite, objects: readonly string[]): Gone {
  if (objects.length === 0) return { versions: 0, bytes: 0 }
  const row = sqlite.get(
    `SELECT coalesce(sum(versions), 0) versions, coalesce(sum(size), 0) bytes FROM (
       SELECT count(*) versions, max(coalesce(state ->> 'size', 0)) size FROM version
       WHERE state ->> 'object' IN (SELECT value FROM json_each(?)) GROUP BY state ->> 'object')`,
    JSON.stringify(objects),
  )
  return z.object({ versions: z.number(), bytes: z.number() }).parse(row)
}

function largestFiles(sqlite: Sqlite, gone: string, limit: number): LargeFile[] {
  const rows = sqlite.all(
    `SELECT (SELECT path FROM version v WHERE v.file = c.file ORDER BY id DESC LIMIT 1) path,
      count(*) versions, sum(size) bytes FROM (${KEPT}) c GROUP BY file ORDER BY bytes DESC, file LIMIT ?`,
    gone,
    limit,
  )
  return rows.map((row) => z.object({ path: z.string(), versions: z.number(), bytes: z.number() }).parse(row))
}
