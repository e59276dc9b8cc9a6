import { z } from 'zod'
import { IzeError } from '../ize-error.ts'
import type { ObjectStore } from '../store/object-store.ts'
import type { Sqlite } from './sqlite.ts'

/** Texts are compared as they are read here, so that what differs only in case is found. */
export function folded(text: string): string {
  return text.toLowerCase()
}

/** One version in the line of its file, with what search needs of it. */
export interface TextVersion {
  readonly id: number
  readonly number: number
  /** Null: it has no text (deleted, a folder, binary, too long). */
  readonly object: string | null
}

const row = z.object({ id: z.number(), number: z.number(), object: z.string().nullable() })

/** Longer texts are not searched. */
export const LONGEST = 4 * 1024 * 1024

/** The text of a version, if it is a file with one; of `version v`. */
export const TEXT_OBJECT = `CASE WHEN v.state ->> 'present' AND v.state ->> 'type' = 'file' AND v.state ->> 'text'
  AND coalesce(v.state ->> 'size', 0) <= ${LONGEST} THEN v.state ->> 'object' END`

/** All versions of a file up to one, oldest first. */
export function chainOf(sqlite: Sqlite, file: number, upTo: number): TextVersion[] {
  const select = `SELECT v.id, v.number, ${TEXT_OBJECT} AS object FROM version v WHERE v.file = ? AND v.id <= ? ORDER BY v.id`
  return sqlite.all(select, file, upTo).map((one) => row.parse(one))
}

/** Contents lately read, folded: versions of one file are asked for one after the other. */
export class Texts {
  private readonly known = new Map<string, string>()
  private held = 0

  constructor(private readonly store: ObjectStore) {}

  /** Empty for one that cannot be read: "ize doctor" tells of it. */
  of(object: string): string {
    const known = this.known.get(object)
    if (known !== undefined) return known
    const text = this.read(object)
    if (this.held > HELD) {
      this.known.clear()
      this.held = 0
    }
    this.known.set(object, text)
    this.held += text.length
    return text
  }

  /** As it is, for showing. */
  plain(object: string): string {
    return this.store.read(object, LONGEST).toString('utf8')
  }

  private read(object: string): string {
    try {
      return folded(this.plain(object))
    } catch (error) {
      if (error instanceof IzeError) return ''
      throw error
    }
  }
}

const HELD = 8 * 1024 * 1024
