import { isMarker, type NewOperation, type OpType } from '../oplog/operation.ts'
import type { Reserve } from '../oplog/reserve.ts'
import type { OplogWriter } from '../oplog/oplog-writer.ts'
import { findNames } from '../namespace/hard-links.ts'
import type { Inode } from '../namespace/inode.ts'
import type { Namespace } from '../namespace/namespace.ts'
import { apply } from '../namespace/reduce.ts'
import { now, type Instant } from '../sys/clock.ts'
import { reached } from '../sys/failpoint.ts'
import { ENOSPC } from './errno.ts'
import { ProgramNotes } from './programs.ts'

/** Who asks: thread id, user and group, as the kernel names them. */
export interface Caller {
  readonly pid: number
  readonly uid: number
  readonly gid: number
}

export interface VolumeListener {
  /** A record was logged: the recorder may know how far the log goes. */
  appended(marker: boolean): void
  /** A process not seen before changes something. */
  program(process: number, start: number): void
}

/** Changes of content or owner, which take capabilities away. */
const ASKS_XATTRS: ReadonlySet<OpType> = new Set<OpType>(['write', 'truncate', 'allocate', 'setattr'])
/** What takes the reserve on a full disk: it makes room by what it does (growth.ts says which requests lead here). */
const MAKES_ROOM: ReadonlySet<OpType> = new Set<OpType>(['delete', 'rmdir', 'truncate', 'rename', 'removexattr'])

/**
 * The project as a file system: every change is one record in the log and one step of the reducer, in that order. The
 * functions in names.ts, data.ts and attributes.ts are its operations; they answer with -errno and never half do.
 */
export class Volume {
  private readonly programs = new ProgramNotes()

  constructor(
    readonly space: Namespace,
    readonly log: OplogWriter,
    private readonly reserve: Reserve,
    private readonly heard: VolumeListener,
  ) {}

  time(): Instant {
    return now()
  }

  /**
   * Logs the operation, then applies it. When this returns 0, the operation survives the death of this process;
   * otherwise (-errno) nothing happened.
   */
  commit(op: NewOperation, src?: Buffer, dataOffset?: number, dataLength?: number): number {
    const inode = ASKS_XATTRS.has(op.type) ? this.space.inodes.get(op.ino) : undefined
    // What the reducer reads of working/ is read before the log says what it does with it: reading may fail.
    if (inode?.isFile) this.space.xattrs(inode)
    const marker = this.programs.note(op.pid, op.sec, op.nsec)
    // Without its marker an operation is by an unknown program: no reason to refuse it.
    if (marker) {
      this.log.append(marker)
      if (marker.type === 'program') this.heard.program(marker.process, marker.start)
    }
    reached('logging')
    // 0 means "nothing changed" in an inode.
    const position = this.log.end || 1
    let data = this.log.append(op, src, dataOffset, dataLength)
    // What makes room is possible on a full disk too.
    if (data === -ENOSPC && MAKES_ROOM.has(op.type) && this.reserve.release()) data = this.log.append(op)
    if (data < 0) return data
    reached('logged')
    apply(this.space, op, position, data)
    this.heard.appended(isMarker(op))
    return 0
  }

  /**
   * A file is about to lose a name: while it is open its base must stay readable whatever becomes of it in working/,
   * so its descriptor is held from now on; and what is done to it must be logged under a name that it still has.
   */
  holdBase(inode: Inode): void {
    if (!inode.isFile || inode.opens === 0) return
    if (inode.baseDir !== null) this.space.tree.file(inode)
    findNames(this.space, [inode])
  }
}
