import { dirname } from 'node:path'
import { z } from 'zod'
import { projectLayout } from '../project/layout.ts'
import { blocksOf, diskUsage } from './disk-usage.ts'
import type { Sqlite } from './sqlite.ts'

/** What a project takes on the disk, in bytes, and what takes it. */
export interface SizeReport {
  readonly working: number
  readonly log: number
  readonly store: number
  readonly pijul: number
  readonly index: number
  readonly search: number
  /** How many versions of files there are, and what their contents would take as plain files, each content once. */
  readonly versions: number
  readonly contents: number
  /** The files whose versions have most in them, all that are different added up. */
  readonly largest: readonly LargeFile[]
}

export interface LargeFile {
  /** Its newest path. */
  readonly path: string
  readonly versions: number
  readonly bytes: number
}

export function sizeReport(sqlite: Sqlite, limit: number): SizeReport {
  const layout = projectLayout(dirname(sqlite.file))
  const database = (file: string): number => ['', '-wal', '-shm'].reduce((sum, part) => sum + blocksOf(file + part), 0)
  return {
    working: diskUsage(layout.working),
    log: diskUsage(layout.dirty),
    store: diskUsage(layout.objects) + blocksOf(layout.mmr) + diskUsage(layout.refs),
    pijul: diskUsage(layout.pijul) + blocksOf(layout.archive),
    index: database(layout.index),
    search: database(layout.search),
    ...contentsOf(sqlite),
    largest: largestFiles(sqlite, limit),
  }
}

const CONTENTS = `SELECT DISTINCT file, json_extract(state, '$.object') object, json_extract(state, '$.size') size
  FROM version WHERE object IS NOT NULL`

function contentsOf(sqlite: Sqlite): Pick<SizeReport, 'versions' | 'contents'> {
  const row = sqlite.get(
    `SELECT (SELECT count(*) FROM version) versions,
      (SELECT coalesce(sum(size), 0) FROM (SELECT DISTINCT object, size FROM (${CONTENTS}))) contents`,
  )
  return z.object({ versions: z.number(), contents: z.number() }).parse(row)
}

function largestFiles(sqlite: Sqlite, limit: number): LargeFile[] {
  const rows = sqlite.all(
    `SELECT (SELECT path FROM version v WHERE v.file = c.file ORDER BY id DESC LIMIT 1) path,
      count(*) versions, sum(size) bytes FROM (${CONTENTS}) c GROUP BY file ORDER BY bytes DESC, file LIMIT ?`,
    limit,
  )
  return rows.map((row) => z.object({ path: z.string(), versions: z.number(), bytes: z.number() }).parse(row))
}
