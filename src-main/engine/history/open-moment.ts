import { z } from 'zod'
import { changeKinds } from './change-metadata.ts'
import { MomentCounts } from './moment-counts.ts'
import type { Moment, MomentChange } from './moment-rule.ts'
import { programsOf } from './programs-of.ts'
import type { Sqlite } from './sqlite.ts'

/** The newest moment of an index that has changes: the next change may continue it. */
export function openMoment(sqlite: Sqlite): { moment: Moment; counts: MomentCounts } {
  const last = changeRow.parse(sqlite.get(`${SELECT} ORDER BY sequence DESC LIMIT 1`))
  const begin = changeRow.parse(sqlite.get(`${SELECT} WHERE sequence = ?`, last.moment))
  return {
    moment: { begin: momentChange(sqlite, begin), last: momentChange(sqlite, last) },
    counts: new MomentCounts(
      begin.first_version,
      ...[last.moment_files, last.moment_gone, last.moment_folders, last.moment_gone_folders],
    ),
  }
}

const SELECT = `SELECT sequence, kind, sec, nsec, moment, programs, first_version, moment_files, moment_gone,
  moment_folders, moment_gone_folders FROM change`

const changeRow = z.object({
  sequence: z.number(),
  kind: z.enum(changeKinds),
  sec: z.number(),
  nsec: z.number(),
  moment: z.number(),
  programs: z.string(),
  first_version: z.number(),
  moment_files: z.number(),
  moment_gone: z.number(),
  moment_folders: z.number(),
  moment_gone_folders: z.number(),
})

function momentChange(
  sqlite: Sqlite,
  { sequence, kind, sec, nsec, programs }: z.infer<typeof changeRow>,
): MomentChange {
  const unknown = z.array(z.number().nullable()).parse(JSON.parse(programs)).includes(null)
  const known = programsOf(sqlite, [sequence, sequence])
  return { sequence, kind, time: [sec, nsec], programs: unknown ? [null, ...known] : known }
}
