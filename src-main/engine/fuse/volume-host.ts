import { receiveMessageOnPort } from 'node:worker_threads'
import { Namespace } from '../namespace/namespace.ts'
import type { Inode } from '../namespace/inode.ts'
import { apply } from '../namespace/reduce.ts'
import { Sidecar } from '../namespace/sidecar.ts'
import { OplogReader } from '../oplog/oplog-reader.ts'
import { OplogWriter } from '../oplog/oplog-writer.ts'
import { openLog } from '../oplog/recovery.ts'
import { projectLayout } from '../project/layout.ts'
import { Progress } from '../project/progress.ts'
import type { Move, RecorderToVolume, VolumeToRecorder, VolumeWorkerData } from '../project/worker-messages.ts'
import { Volume } from './volume.ts'

/** The reserve that deletes, the plan and the commit may use when the disk is full. */
export const RESERVE_BYTES = 16 * 1024 * 1024

/** A volume with its namespace replayed from the log, following what the recorder says. */
export class VolumeHost {
  readonly progress: Progress
  readonly space: Namespace
  readonly log: OplogWriter
  readonly volume: Volume
  recorderStopped: 'no' | 'full' | 'error' = 'no'
  private moves: readonly Move[] = []
  private movesDone = 0
  /** Messages that arrived in the middle of a request. */
  private readonly postponed: RecorderToVolume[] = []

  constructor(private readonly data: VolumeWorkerData) {
    const layout = projectLayout(data.root)
    this.progress = new Progress(data.progress)
    const recovered = openLog(layout.dirty)
    this.space = new Namespace({
      working: layout.working,
      tmp: layout.tmp,
      sidecar: new Sidecar(layout.identities),
      nextIno: data.nextIno,
      follow: () => this.follow(),
    })
    if (recovered.segments.length > 0) this.replay(layout.dirty, recovered.endPosition)
    this.log = OplogWriter.open(layout.dirty, {
      segments: recovered.segments,
      nextId: Math.max(recovered.lastId, data.lastId) + 1,
      startPosition: recovered.endPosition,
    })
    this.volume = new Volume(this.space, this.log, () => this.publish())
    this.publish()
  }

  /** Takes in what the recorder said. Called between requests. */
  hear(): void {
    const port = this.data.toRecorder
    for (const message of this.postponed.splice(0)) this.take(message)
    for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port)) {
      this.take(got.message as RecorderToVolume)
    }
  }

  close(): void {
    this.space.close()
    this.log.close()
  }

  private publish(): void {
    const { log, progress } = this
    progress.publishLog(log.end, log.lastId, log.operations, log.bytes)
    if (progress.takeIdle()) this.data.toRecorder.postMessage({ type: 'work' } satisfies VolumeToRecorder)
  }

  /** The log beyond what working/ has goes through the same reducer as live operations. */
  private replay(dirty: string, end: number): void {
    const reader = new OplogReader(dirty)
    for (const record of reader.recordsAfter(this.data.applied, end)) {
      if (record.op.path === '' && record.op.ino !== 1) continue
      apply(this.space, record.op, record.position, record.dataPosition)
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
      if (message.type === 'plan') this.startPlan(message.moves)
      else this.postponed.push(message)
    }
    this.takeMoves(this.progress.steps())
  }

  take(message: RecorderToVolume): void {
    switch (message.type) {
      case 'plan':
        return this.startPlan(message.moves)
      case 'applied':
        this.takeMoves(this.moves.length)
        this.space.retire(message.position)
        return
      case 'trim':
        this.log.drop(message.position, (start, end) => this.isPinned(start, end))
        return this.publish()
      case 'stopped':
        this.recorderStopped = message.why
    }
  }

  private startPlan(moves: readonly Move[]): void {
    this.moves = moves
    this.movesDone = 0
  }

  private takeMoves(upTo: number): void {
    for (; this.movesDone < upTo; this.movesDone++) {
      const [ino, directory, name] = this.moves[this.movesDone] as Move
      const into = directory === 0 ? this.space.tree.tmp : directory === null ? null : this.space.inodes.get(directory)
      this.space.moveBase(ino, into ?? null, name)
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

