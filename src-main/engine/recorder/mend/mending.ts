import type { Sidecar } from '../../namespace/sidecar.ts'
import type { LogRecord } from '../../oplog/oplog-reader.ts'
import type { ProjectLayout } from '../../project/layout.ts'
import type { ObjectStore } from '../../store/object-store.ts'
import type { Trees } from '../../store/tree/tree.ts'
import type { DiskTree } from './disk-tree.ts'
import type { LogSince } from './log-since.ts'
import type { WorkingFiles } from './working-files.ts'

export interface MendWork {
  readonly layout: ProjectLayout
  readonly sidecar: Sidecar
  readonly store: ObjectStore
  readonly trees: Trees
  /** The tree of the newest seal. */
  readonly tree: string
  /** The log since working/ was last synced, up to `applied`. */
  readonly records: () => Iterable<LogRecord>
  /** The operation that working/ is to be brought to. */
  readonly applied: number
  /** Files whose content history does not have. */
  readonly writing: ReadonlySet<number>
  readonly nextIno: number
  /** The contents of all versioned files are read. */
  readonly full: boolean
}

export interface Difference {
  /** `lost`: neither working/, nor the log, nor the store has it. `kept`: what was in the way, or changed by others. */
  readonly what: 'missing' | 'misplaced' | 'changed' | 'unmarked' | 'removed' | 'kept' | 'lost'
  readonly path: string
  /** Where it is now, for what is kept. */
  readonly as?: string
}

/** What is known, and what was found and done so far. */
export interface Mending extends MendWork {
  readonly disk: DiskTree
  readonly files: WorkingFiles
  readonly since: LogSince
  readonly differences: Difference[]
  readonly newNumber: () => number
}
