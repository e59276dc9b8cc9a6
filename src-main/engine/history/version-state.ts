import { z } from 'zod'
import { assertNever } from '../assert-never.ts'
import { type ChangeEntry, entrySchema } from './change-metadata.ts'

/** What a file was after a version: everything that is put back by a restore. `present` is false after a deletion. */
export const versionStateSchema = entrySchema
  .pick({
    type: true,
    ino: true,
    mode: true,
    uid: true,
    gid: true,
    mtime: true,
    size: true,
    object: true,
    text: true,
  })
  .extend(entrySchema.pick({ target: true, special: true, xattrs: true }).shape)
  .extend({ present: z.boolean() })

export type VersionState = z.infer<typeof versionStateSchema>

/**
 * The state after an entry. What an entry does not tell, it did not change: a directory's rename need not repeat the
 * owner. Only extended attributes are taken as told by an entry that tells the mode (none, when it names none). A
 * change of type starts from nothing. `before` is asked only when something is missing.
 */
export function stateAfter(entry: ChangeEntry, before: () => VersionState | null): VersionState {
  const { type, ino, mode, uid, gid, mtime, size, object, text, target, special, xattrs } = entry
  if (entry.kind === 'delete') return { type, ino, present: false }
  const told = {
    type,
    ino,
    present: true,
    mode,
    uid,
    gid,
    mtime,
    size,
    object,
    text,
    target,
    special,
    xattrs,
  }
  if (tellsAll(entry)) return told
  const previous = before()
  if (!previous?.present || previous.type !== type) return told
  const merged = { ...previous, ...dropUndefined(told) }
  return mode === undefined ? merged : { ...merged, xattrs }
}

function tellsAll({ type, mode, uid, gid, mtime, size, object, text, target, special }: ChangeEntry): boolean {
  if ([mode, uid, gid, mtime].includes(undefined)) return false
  switch (type) {
    case 'file':
      return size !== undefined && object !== undefined && text !== undefined
    case 'directory':
      return true
    case 'symlink':
      return target !== undefined
    case 'special':
      return special !== undefined
    default:
      return assertNever(type, 'type of file')
  }
}

function dropUndefined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T
}
