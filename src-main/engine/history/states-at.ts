import { z } from 'zod'
import { ROOT } from './index-schema.ts'
import { directoryOf, nameOf } from './paths.ts'
import type { Sqlite } from './sqlite.ts'
import { type VersionState, versionStateSchema } from './version-state.ts'

/** What was at many paths after one version of the project; folders are looked up once. */
export class StatesAt {
  private readonly files = new Map<string, number | null>([['', ROOT]])

  constructor(
    private readonly sqlite: Sqlite,
    private readonly point: number,
  ) {}

  /** Null: nothing was there. */
  get(path: string): VersionState | null {
    const file = this.file(path)
    if (file === null || file === ROOT) return null
    const row = this.sqlite.get(
      'SELECT state FROM version WHERE file = ? AND id <= ? ORDER BY id DESC LIMIT 1',
      file,
      this.point,
    )
    if (row === null) return null
    const state = versionStateSchema.parse(JSON.parse(z.object({ state: z.string() }).parse(row).state))
    return state.present ? state : null
  }

  /** The file that was at a path. */
  file(path: string): number | null {
    const known = this.files.get(path)
    if (known !== undefined) return known
    const parent = this.file(directoryOf(path))
    const file = parent === null ? null : this.child(parent, nameOf(path))
    this.files.set(path, file)
    return file
  }

  private child(parent: number, name: string): number | null {
    const row = this.sqlite.get(
      'SELECT file FROM place WHERE parent = ? AND name = ? AND since <= ? AND until > ?',
      ...[parent, name, this.point, this.point],
    )
    return row && z.object({ file: z.number() }).parse(row).file
  }
}
