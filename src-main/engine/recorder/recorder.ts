import { Executor } from './execute.ts'
import { Batch } from './batch.ts'
import { computeEffect } from './effect.ts'
import type { Draft } from './draft.ts'
import { draftsOf } from './drafts-of.ts'
import { HistoryWriter } from './history-writer.ts'
import { makeAfterFlush } from './after-flush.ts'
import { endedWithMachine } from './machine-stop.ts'
import { mend } from './mend/mender.ts'
import { tellMended } from './mend/tell.ts'
import { makePlan, type Plan } from './plan.ts'
import { PlanFile } from './plan-file.ts'
import { Programs } from './programs.ts'
import { sidecarChanges } from './sidecar-changes.ts'
import { Writers } from './writers.ts'
import { WritersFile } from './writers-file.ts'
import type { ChangeMetadata } from '../history/change-metadata.ts'
import type { Inode } from '../namespace/inode.ts'
import { Sidecar } from '../namespace/sidecar.ts'
import { isMarker } from '../oplog/operation.ts'
import { OplogReader, type LogRecord } from '../oplog/oplog-reader.ts'
import { currentBoot } from '../oplog/boot.ts'
import { StateFile, type LogState } from '../oplog/state-file.ts'
import { syncNewest } from '../oplog/sync-newest.ts'
import { Versioning } from '../project/ignore.ts'
import type { ProjectLayout } from '../project/layout.ts'
import type { LogProgress } from '../project/progress.ts'
import type { AfterFlush, RecorderSettings, RecorderToVolume } from '../project/worker-messages.ts'
import { reached } from '../sys/failpoint.ts'

export interface Recorded {
  readonly sequence: number
  readonly operation: number
  readonly time: readonly [number, number]
}

export interface RecorderEvents {
  /** To the mount thread. */
  readonly volume: (message: RecorderToVolume) => void
  readonly stepsDone: (moves: number) => void
  readonly recorded: (recorded: Recorded) => void
  /** Something a person should know. */
  readonly notice: (message: string) => void
}

/**
 * Turns the log into history and into working/, batch by batch. Order within a batch (a crash between any two steps is
 * made good by `recover`):
 *
 * 1. to 3. history (history-writer.ts), then the log, flushed; 4. the plan, flushed; 5. working/, step by step;
 * 6. `applied` in dirty/state; 7. once the file system is synced, history and working/ with it: `dirty/writers`, then
 * `recorded`, then the log's segments go.
 */
export class Recorder {
  readonly writers = new Writers()
  readonly programs = new Programs()
  /** Log position up to which operations are in working/. */
  position = 0
  /** Operations taken since the start. */
  taken = 0
  readonly reader: OplogReader
  private readonly stateFile: StateFile
  private readonly planFile: PlanFile
  private readonly writersFile: WritersFile
  private readonly sidecar: Sidecar
  private readonly executor: Executor
  private readonly versioning: Versioning
  private state: LogState
  private batch: Batch | null = null
  /** Its steps were begun and failed. */
  private unfinished: Plan | null = null
  /** How many moves of the plan are done; running it again undoes none. */
  private moved = 0
  private closeAt = Infinity

  private constructor(
    private readonly layout: ProjectLayout,
    private readonly settings: RecorderSettings,
    private readonly events: RecorderEvents,
    readonly history: HistoryWriter,
    /** working/ has to be mended. */
    private readonly machineEnded: boolean,
  ) {
    this.reader = new OplogReader(layout.dirty)
    this.stateFile = new StateFile(layout.dirty)
    this.state = this.stateFile.read()
    this.planFile = new PlanFile(layout.dirty)
    this.writersFile = new WritersFile(layout.dirty)
    this.sidecar = new Sidecar(layout.identities)
    this.executor = new Executor(layout.working, layout.tmp, this.sidecar, this.reader)
    this.versioning = new Versioning(
      settings.ignore,
      (directory) => this.batch?.hasCacheTag(directory, this.reader) ?? false,
    )
  }

  static async open(layout: ProjectLayout, settings: RecorderSettings, events: RecorderEvents): Promise<Recorder> {
    const machineEnded = didMachineEnd(layout.dirty)
    const history = await HistoryWriter.open(layout, settings, events.notice, machineEnded)
    try {
      return new Recorder(layout, settings, events, history, machineEnded)
    } catch (error) {
      await history.close()
      throw error
    }
  }

  get applied(): number {
    return this.state.applied
  }

  get nextIno(): number {
    return this.state.nextIno
  }

  /** Time of the newest operation that history has. */
  inHistoryUpTo(): readonly [number, number] | null {
    return this.history.lastTime()
  }

  /** Newest operation that history has. */
  get lastRecorded(): number {
    return this.history.lastOperation
  }

  /**
   * Brings everything to the end of a batch after whatever ended the last run: a plan that was begun is finished, a
   * change that was recorded but not applied is applied. After the machine's end working/ is mended instead. `log` is the
   * sound log.
   */
  async recover(log: { readonly start: number; readonly end: number }): Promise<void> {
    this.position = log.start
    const plan = this.planFile.read()
    if (this.machineEnded) {
      // No operation after these has reached working/.
      const applied = Math.max(this.state.applied, plan?.last ?? 0, this.lastRecorded)
      this.state = { ...this.state, applied, nextIno: Math.max(this.state.nextIno, plan?.nextIno ?? 0) }
    } else {
      if (plan && plan.last > this.state.applied) this.execute(plan)
      this.planFile.remove()
    }
    // What working/ has and history lacks: files that were open when the changes since were made.
    const kept = this.writersFile.read()
    this.writers.restore(kept.files)
    const known = Math.max(kept.last, this.state.recorded)
    // A change of files whose operations were all taken before ends with the operation that is known. Where no file waits
    // for its version no change is read: an import's names every file.
    const waiting = kept.files.length > 0 || log.end > log.start
    const changes = waiting ? await this.history.recordedFrom(known) : []
    for (const { op, end } of this.reader.records(log.start, log.end)) {
      if (op.id > this.state.applied) break
      while (changes[0] && changes[0].last < op.id) this.settle(changes.shift())
      this.programs.took(op)
      if (op.id > known) this.writers.took(op, Date.now())
      this.position = end
    }
    for (const change of changes) if (change.last <= this.state.applied) this.settle(change)
    if (this.machineEnded) await this.mend(log.start)
    if (this.lastRecorded > this.state.applied && log.end > this.position) await this.applyRecorded(log.end)
    if (this.state.boot !== currentBoot()) this.saveState({})
    // Nobody has them open now.
    this.writers.closeAll()
  }

  /**
   * Takes the next batch out of the log, up to position `to`. With `force`, files that are open for writing are
   * versioned as they are. Returns false when there was nothing to do. Errors leave everything as it was before, or
   * after a step of the write order, from which the next turn goes on.
   */
  async turn(to: number, force: boolean): Promise<boolean> {
    if (await this.history.catchUp()) await this.settleRecorded()
    this.closeWriters()
    if (await this.finishPlan()) return true
    if (this.lastRecorded > this.state.applied && to > this.position) {
      await this.applyRecorded(to)
      return true
    }
    const olderThan = Date.now() - this.settings.openWriterSeconds * 1000
    if (to <= this.position && !(force && this.writers.size > 0) && !this.writers.isDue(olderThan)) return false
    this.writers.decide(force, olderThan)
    await this.take(to)
    return true
  }

  /** The mount is gone, and with it whoever had files open when the log ended at `end`. */
  volumeEnded(end: number): void {
    this.closeAt = end
    // What a batch in work leaves open is not told of by it: that must not count as done when it is.
    if (this.batch === null) this.closeWriters()
  }

  private closeWriters(): void {
    if (this.position < this.closeAt) return
    this.closeAt = Infinity
    this.writers.closeAll()
  }

  /** Makes what a flush asks for once everything is in history; its address. */
  make(what: AfterFlush): Promise<string | null> {
    return makeAfterFlush(what, this.history, Math.max(this.lastRecorded, this.state.applied), this.events.recorded)
  }

  /** Operations from here to a position, and when the newest of them was done. */
  count(to: number): Pick<LogProgress, 'operations' | 'newestSec' | 'newestNsec'> {
    const found = { operations: 0, newestSec: 0, newestNsec: 0 }
    for (const { op } of this.reader.records(this.position, to)) {
      if (isMarker(op)) continue
      found.operations++
      found.newestSec = op.sec
      found.newestNsec = op.nsec
    }
    return found
  }

  /** Lets go of what history and a synced working/ have. Returns false when there was nothing. */
  trim(): boolean {
    if (this.state.applied <= this.state.recorded) return false
    this.executor.sync()
    this.writersFile.write(this.state.applied, this.writers.snapshot())
    reached('writers-kept')
    this.saveState({ recorded: this.state.applied })
    this.stateFile.sync()
    reached('trimming')
    this.events.volume({ type: 'trim', position: this.position })
    this.reader.forget(this.position)
    return true
  }

  async close(): Promise<void> {
    await this.history.close()
    this.executor.close()
    this.sidecar.close()
    this.stateFile.close()
    this.reader.close()
  }

  /** Brings working/ to the last operation that may have reached it; then it is as after an end of the engine alone. */
  private async mend(start: number): Promise<void> {
    const { layout, sidecar, reader, state, position } = this
    const records = function* (): Generator<LogRecord> {
      for (const record of reader.records(start, position)) if (record.op.id > state.recorded) yield record
    }
    const writing = new Set(this.writers.snapshot().map(({ ino }) => ino))
    const known = { layout, sidecar, records, writing, applied: state.applied, nextIno: state.nextIno, full: false }
    const { differences, nextIno } = await mend({ ...known, ...this.history.newestTree() }, this.executor)
    this.saveState({ nextIno })
    this.planFile.remove()
    const told = tellMended(differences)
    if (told !== null) this.events.notice(told)
  }

  private async take(to: number): Promise<void> {
    const undo = this.writers.snapshot()
    const batch = this.newBatch()
    try {
      batch.walk(this.reader, to, this.settings.granularity, this.writers, this.programs)
      await this.record(batch)
      // What working/ has, the log cannot lose: after the machine's end it says what was to become of it.
      await syncNewest(this.layout.dirty)
      this.apply(batch)
      this.writers.settle((ino) => batch.isGone(ino))
      this.position = batch.end
      this.taken += batch.operations
    } catch (error) {
      this.writers.restore(undo)
      throw error
    } finally {
      this.batch = null
      batch.close()
    }
  }

  /** History has the next operations already (step 3 was reached, step 4 was not): they are applied only. */
  private async applyRecorded(to: number): Promise<void> {
    const undo = this.writers.snapshot()
    const batch = this.newBatch()
    try {
      batch.walk(this.reader, to, 'batch', this.writers, this.programs, this.lastRecorded)
      await syncNewest(this.layout.dirty)
      this.apply(batch)
      this.position = batch.end
      this.taken += batch.operations
      await this.settleRecorded()
    } catch (error) {
      this.writers.restore(undo)
      throw error
    } finally {
      this.batch = null
      batch.close()
    }
  }

  /** A plan that failed midway (the disk was full) is run again from its start; then its operations count as taken. */
  async finishPlan(): Promise<boolean> {
    const plan = this.unfinished
    if (!plan) return false
    this.execute(plan)
    for (const { op } of this.reader.records(this.position, plan.end)) {
      this.writers.took(op, Date.now())
      this.programs.took(op)
      if (!isMarker(op)) this.taken++
    }
    this.position = plan.end
    this.events.volume({ type: 'applied', position: plan.end })
    await this.settleRecorded()
    return true
  }

  /** What the newest change has of the files that were being written. */
  private async settleRecorded(): Promise<void> {
    if (this.writers.size === 0) return
    this.settle(await this.history.newest())
  }

  /** The contents that a change holds are versions, up to its last operation. A rename alone holds none. */
  private settle(change: ChangeMetadata | undefined): void {
    const { entries, last } = change ?? { entries: [], last: 0 }
    const held = entries.filter(({ object }) => object !== undefined)
    this.writers.settleRecorded(new Map(held.map(({ ino }) => [ino, last])))
  }

  private newBatch(): Batch {
    const { working, tmp } = this.layout
    const options = { working, tmp, sidecar: this.sidecar, nextIno: this.state.nextIno }
    return (this.batch = new Batch(this.position, options, Date.now()))
  }

  /** Steps 1 to 3. */
  private async record(batch: Batch): Promise<void> {
    if (batch.versioningChanged) this.versioning.forget('')
    const { drafts, programs } = draftsOf(batch, this, this.versioning, this.settings.textLimit)
    if (drafts.length === 0) return
    const time: readonly [number, number] = batch.time[0] === 0 ? timeOf(drafts) : batch.time
    const range = {
      first: batch.first || (drafts[0]?.entry.operations[0] ?? 0),
      last: Math.max(batch.last, this.state.applied),
    }
    const isBase = (ino: number): boolean => this.writers.isBase(ino)
    const request = { drafts, programs, ...range, time, isBase }
    const sequence = await this.history.write(request, batch.space, this.reader)
    if (sequence !== null) this.events.recorded({ sequence, operation: range.last, time })
  }

  /** Steps 4 to 6. */
  private apply(batch: Batch): void {
    if (batch.last === 0) return
    const nextIno = Math.max(batch.space.nextIno, this.state.nextIno)
    const range = { first: batch.first, last: batch.last, end: batch.end, nextIno }
    if (batch.space.dirty.size === 0) {
      this.saveState({ applied: batch.last, nextIno })
      this.events.volume({ type: 'applied', position: batch.end })
      return
    }
    const plan = makePlan(computeEffect(batch.space), range, (inode: Inode) => batch.space.target(inode))
    // Should the plan be torn, this says how far the plans before it came, where history does not.
    if (this.state.applied > this.lastRecorded) this.stateFile.sync()
    this.planFile.write(plan)
    reached('plan-written')
    // The mount thread must not take the count of the plan before for this one's.
    this.events.stepsDone((this.moved = 0))
    this.events.volume({ type: 'plan', end: plan.end, moves: plan.moves, sidecar: sidecarChanges(plan) })
    this.execute(plan)
    this.events.volume({ type: 'applied', position: plan.end })
  }

  private execute(plan: Plan): void {
    this.unfinished = plan
    this.executor.run(plan, (done) => {
      let next = this.moved
      while (next < plan.moves.length && (plan.moveAt[next] as number) <= done) next++
      if (next !== this.moved) this.events.stepsDone((this.moved = next))
      reached('step')
    })
    reached('plan-done')
    this.saveState({ applied: plan.last, nextIno: plan.nextIno })
    reached('applied-written')
    this.unfinished = null
  }

  private saveState(change: Partial<Pick<LogState, 'applied' | 'recorded' | 'nextIno'>>): void {
    const state = { ...this.state, ...change }
    this.state = { ...state, boot: currentBoot(), clean: state.applied === state.recorded }
    this.stateFile.write(this.state)
  }
}

function didMachineEnd(dirty: string): boolean {
  const state = new StateFile(dirty)
  try {
    return endedWithMachine(state.read(), new PlanFile(dirty))
  } finally {
    state.close()
  }
}

function timeOf(drafts: readonly Draft[]): readonly [number, number] {
  return drafts.at(-1)?.entry.mtime ?? [Math.floor(Date.now() / 1000), 0]
}
