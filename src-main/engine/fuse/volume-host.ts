import { receiveMessageOnPort } from 'node:worker_threads'
import { decodeIdentity } from '../namespace/identity.ts'
import { Namespace } from '../namespace/namespace.ts'
import type { Inode } from '../namespace/inode.ts'
import { apply } from '../namespace/reduce.ts'
import { Sidecar } from '../namespace/sidecar.ts'
import { isMarker } from '../oplog/operation.ts'
import { OplogReader } from '../oplog/oplog-reader.ts'
import { OplogWriter } from '../oplog/oplog-writer.ts'
import { Reserve } from '../oplog/reserve.ts'
import { openLog } from '../oplog/recovery.ts'
import { projectLayout } from '../project/layout.ts'
import { Progress } from '../project/progress.ts'
import type {
  Move,
  RecorderToVolume,
  SidecarChange,
  VolumeToRecorder,
  VolumeWorkerData,
} from '../project/worker-messages.ts'
import { Growth } from './growth.ts'
import { Volume } from './volume.ts'

/** A volume with its namespace replayed from the log, following what the recorder says. */
export class VolumeHost {
  readonly progress: Progress
  readonly space: Namespace
  readonly log: OplogWriter
  readonly volume: Volume
  readonly growth: Growth
  private readonly sidecar: Sidecar
  /** Operations since working/ was last whole, this run's and those found in the log. */
  private appended = 0
  /** Time of the newest operation; what recovery found in the log, until there is one of this run. */
  private newestSec: number
  private newestNsec: number
  private moves: readonly Move[] = []
  private sidecarChanges: readonly SidecarChange[] = []
  private movesDone = 0
  /** Log position behind the plan's last operation; -1: no plan. */
  private planEnd = -1
  /** Messages that arrived in the middle of a request. */
  private readonly postponed: RecorderToVolume[] = []

  constructor(
    private readonly data: Pick<
      VolumeWorkerData,
      'root' | 'progress' | 'from' | 'toRecorder' | 'limitBytes' | 'limitOperations'
    >,
  ) {
    const layout = projectLayout(data.root)
    this.progress = new Progress(data.progress)
    const found = this.progress.log()
    this.newestSec = found.newestSec
    this.newestNsec = found.newestNsec
    const recovered = openLog(layout.dirty)
    this.sidecar = new Sidecar(layout.identities)
    this.space = new Namespace({
      working: layout.working,
      tmp: layout.tmp,
      sidecar: this.sidecar,
      nextIno: data.from.nextIno,
      follow: () => this.follow(),
    })
    if (recovered.segments.length > 0) this.replay(layout.dirty, recovered.endPosition)
    this.log = OplogWriter.open(layout.dirty, {
      segments: recovered.segments,
      nextId: Math.max(recovered.lastId, data.from.lastId) + 1,
      // An empty log begins where the recorder is: positions only grow while it runs.
      startPosition: Math.max(recovered.endPosition, data.from.position),
    })
    const reserve = new Reserve(layout.dirty)
    reserve.take()
    this.growth = new Growth(this.log, reserve, data)
    this.volume = new Volume(this.space, this.log, reserve, {
      appended: (marker) => {
        if (!marker) this.appended++
        this.publish()
      },
      program: (process, start) =>
        this.data.toRecorder.postMessage({ type: 'process', process, start } satisfies VolumeToRecorder),
    })
    this.publish()
  }

  /** Takes in what the recorder said. Called between requests. */
  hear(): void {
    const port = this.data.toRecorder
    for (const message of this.postponed.splice(0)) this.handle(message)
    for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port)) {
      this.handle(got.message as RecorderToVolume)
    }
  }

  /** Takes in one message that came as an event, behind those that came in the middle of a request. */
  take(message: RecorderToVolume): void {
    for (const before of this.postponed.splice(0)) this.handle(before)
    this.handle(message)
  }

  close(): void {
    this.space.close()
    this.log.close()
  }

  private publish(): void {
    const { log, progress } = this
    const { end, lastId, bytes, operations } = log
    if (log.newestSec !== 0) {
      this.newestSec = log.newestSec
      this.newestNsec = log.newestNsec
    }
    const { appended, newestSec, newestNsec } = this
    progress.publishLog({ end, lastId, bytes, operations, appended, newestSec, newestNsec })
    if (progress.takeIdle()) this.data.toRecorder.postMessage({ type: 'work' } satisfies VolumeToRecorder)
  }

  /** The log beyond what working/ has goes through the same reducer as live operations. */
  private replay(dirty: string, end: number): void {
    const reader = new OplogReader(dirty)
    for (const record of reader.recordsAfter(this.data.from.applied, end)) {
      if (record.op.path === '' && record.op.ino !== 1) continue
      apply(this.space, record.op, record.position, record.dataPosition)
      if (!isMarker(record.op)) this.appended++
    }
    reader.close()
    // Who held files without a name is gone.
    for (const inode of [...this.space.dirty]) inode.unclosed = false
  }

  /** A base was not where it was: the applier is at work. Takes in the moves that it has done. */
  private follow(): void {
    const port = this.data.toRecorder
    for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port)) {
      const message = got.message as RecorderToVolume
      if (message.type === 'plan') this.startPlan(message)
      else this.postponed.push(message)
    }
    this.takeMoves(this.progress.steps())
  }

  private handle(message: RecorderToVolume): void {
    switch (message.type) {
      case 'plan':
        return this.startPlan(message)
      case 'applied':
        if (this.planEnd === message.position) this.finishPlan()
        this.space.retire(message.position)
        return
      case 'trim':
        this.log.drop(message.position, (start, end) => this.isPinned(start, end))
        return this.publish()
      case 'rotate':
        return this.log.rotate()
      case 'stopped':
        this.growth.recorderIs(message.why)
    }
  }

  private startPlan({ moves, sidecar, end }: Extract<RecorderToVolume, { type: 'plan' }>): void {
    // The plan before it was done to its end, whether we heard of that or not.
    this.finishPlan()
    this.planEnd = end
    this.moves = moves
    this.sidecarChanges = sidecar
  }

  private finishPlan(): void {
    this.takeMoves(this.moves.length)
    for (const [directory, name, identity] of this.sidecarChanges) {
      const bytes = Buffer.from(identity ?? '', 'base64')
      this.sidecar.keep(directory, name, decodeIdentity(bytes, 0, bytes.length))
    }
    this.moves = []
    this.sidecarChanges = []
    this.movesDone = 0
    this.planEnd = -1
  }

  private takeMoves(upTo: number): void {
    for (; this.movesDone < Math.min(upTo, this.moves.length); this.movesDone++) {
      const [ino, directory, name, lostIn, lostName] = this.moves[this.movesDone] as Move
      const into = directory === 0 ? this.space.tree.tmp : directory === null ? null : this.space.inodes.get(directory)
      const inode = this.space.inodes.get(ino)
      if (!inode) continue
      if (lostIn !== undefined && (inode.baseDir?.ino !== lostIn || inode.baseName !== lostName)) continue
      this.space.moveBase(inode, into ?? null, name)
    }
  }

  /** Files without a name keep the log segments that hold their bytes. */
  private isPinned(start: number, end: number): boolean {
    for (const inode of this.space.orphans) if (pointsInto(inode, start, end)) return true
    return false
  }
}

function pointsInto(inode: Inode, start: number, end: number): boolean {
  let found = false
  inode.extents?.visit(0, inode.size, (_offset, _end, position) => {
    if (position >= start && position < end) found = true
  })
  return found
}
