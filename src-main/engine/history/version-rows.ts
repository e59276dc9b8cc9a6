import { z } from 'zod'
import { changeKinds, entryKinds, type Program, programSchema } from './change-metadata.ts'
import { type VersionState, versionStateSchema } from './version-state.ts'

/** One version of one file, with the change that made it. Paths are latin1 strings. */
export interface Version {
  /** Place among all versions of the project; also what `before` of a page names. */
  readonly id: number
  /** The file's name in the index: the same through renames, deletions and new creations. */
  readonly file: number
  /** From 1, oldest first. */
  readonly number: number
  readonly kind: z.infer<typeof versionKind>
  /** Where the file was after this version (before it, for a deletion). */
  readonly path: string
  /** Where it was before, for a rename. */
  readonly from: string | null
  readonly state: VersionState
  /** Null: unknown program. */
  readonly program: Program | null
  /** First and last operation that made it. */
  readonly operations: readonly [number, number]
  readonly change: ChangeHead
}

export interface ChangeHead {
  /** Its number in the project, from 1: its place in the channel's log. */
  readonly sequence: number
  readonly hash: string
  readonly kind: z.infer<typeof changeKind>
  /** Seconds and nanoseconds of its last operation. */
  readonly time: readonly [number, number]
  /** For a restore: what was put back. */
  readonly note: string | null
}

const versionKind = z.enum(entryKinds)
const changeKind = z.enum(changeKinds)

const versionRow = z.object({
  id: z.number(),
  file: z.number(),
  number: z.number(),
  kind: versionKind,
  path: z.string(),
  origin: z.string().nullable(),
  state: z.string(),
  program: z.string().nullable(),
  first_op: z.number(),
  last_op: z.number(),
  sequence: z.number(),
  hash: z.string(),
  change_kind: changeKind,
  sec: z.number(),
  nsec: z.number(),
  note: z.string().nullable(),
})

/** Selects what `versionOf` reads; the query that follows may restrict `v`. */
export const VERSION_COLUMNS = `v.id, v.file, v.number, v.kind, v.path, v.origin, v.state, g.detail AS program, v.first_op, v.last_op,
    c.sequence, c.hash, c.kind AS change_kind, c.sec, c.nsec, c.note`
export const VERSION_JOINS = 'JOIN change c ON c.sequence = v.change LEFT JOIN program g ON g.id = v.program'
export const SELECT_VERSIONS = `SELECT ${VERSION_COLUMNS} FROM version v ${VERSION_JOINS}`

export function versionOf(row: unknown): Version {
  const { id, file, number, kind, path, origin, ...rest } = versionRow.parse(row)
  return {
    id,
    file,
    number,
    kind,
    path,
    from: origin,
    state: versionStateSchema.parse(JSON.parse(rest.state)),
    program: rest.program === null ? null : programSchema.parse(JSON.parse(rest.program)),
    operations: [rest.first_op, rest.last_op],
    change: {
      sequence: rest.sequence,
      hash: rest.hash,
      kind: rest.change_kind,
      time: [rest.sec, rest.nsec],
      note: rest.note,
    },
  }
}
