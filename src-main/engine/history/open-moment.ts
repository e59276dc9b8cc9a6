import { z } from 'zod'
import { changeKinds } from './change-metadata.ts'
import type { Moment, MomentChange } from './moment-rule.ts'
import { programsOf } from './programs-of.ts'
import type { Sqlite } from './sqlite.ts'

/** The newest moment of the index, which the next change may continue; null: there is none. */
export function openMoment(sqlite: Sqlite): Moment | null {
  const last = changeRow.nullable().parse(sqlite.get(`${SELECT} ORDER BY sequence DESC LIMIT 1`))
  if (!last) return null
  const begin = changeRow.parse(sqlite.get(`${SELECT} WHERE sequence = ?`, last.moment))
  return { begin: momentChange(sqlite, begin), last: momentChange(sqlite, last) }
}

const SELECT = 'SELECT sequence, kind, sec, nsec, moment, programs FROM change'

const changeRow = z.object({
  sequence: z.number(),
  kind: z.enum(changeKinds),
  sec: z.number(),
  nsec: z.number(),
  moment: z.number(),
  programs: z.string(),
})

function momentChange(
  sqlite: Sqlite,
  { sequence, kind, sec, nsec, programs }: z.infer<typeof changeRow>,
): MomentChange {
  const unknown = z.array(z.number().nullable()).parse(JSON.parse(programs)).includes(null)
  const known = programsOf(sqlite, [sequence, sequence])
  return { sequence, kind, time: [sec, nsec], programs: unknown ? [null, ...known] : known }
}
