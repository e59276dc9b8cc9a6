import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { workerData, type MessagePort } from 'node:worker_threads'
import { openLog } from '../oplog/recovery.ts'
import { Reserve } from '../oplog/reserve.ts'
import { syncNewest } from '../oplog/sync-newest.ts'
import { projectLayout } from '../project/layout.ts'
import { Progress } from '../project/progress.ts'
import type {
  AfterFlush,
  MainToRecorder,
  RecorderToMain,
  RecorderToVolume,
  RecorderWorkerData,
  SentError,
  VolumeToRecorder,
} from '../project/worker-messages.ts'
import * as native from '../sys/native.ts'
import { fills, isDue } from './due.ts'
import { pendingOperations } from './pending.ts'
import { Collections } from './collections.ts'
import { Recorder, type RecorderEvents } from './recorder.ts'
import { toSent } from './sent-error.ts'
import { Upkeep } from './upkeep.ts'

/** How often the log is looked at while operations come. */
const POLL_MS = 40
/** Operations are on the disk at the latest this long after they happened. */
const SYNC_MS = 1000
const TRIM_IDLE_MS = 400
const RETRY_MS = 2000
/** How often the log is looked at while operations come in a pause. */
const PAUSED_POLL_MS = 200

const data = workerData as RecorderWorkerData
const { settings } = data
const layout = projectLayout(data.root)
const progress = new Progress(data.progress)
const reserve = new Reserve(layout.dirty)
const say = (message: RecorderToMain): void => data.toMain.postMessage(message)

/** The way to the volume of the moment, if there is one. */
class VolumeLink {
  port: MessagePort | null = null

  tell(message: RecorderToVolume): void {
    this.port?.postMessage(message)
    native.signalEvent(data.controlFd)
  }
}

/** The recorder thread: waits for quiet, takes batches, keeps the log short, sees to it that it reaches the disk. */
class Loop {
  private wake: () => void = () => undefined
  private closing = false
  private volumeRuns = false
  private holding = false
  private paused = false
  /** Main knows that operations come; until the next rest. */
  private stirred = false
  private flushes: { readonly id: number; readonly to: number; readonly then: AfterFlush }[] = []
  /** Of the operations that wait: when they were noticed, when the last one came, and where the log ended then. */
  private waitingSince = 0
  private lastChange = 0
  private seenEnd = 0
  private readonly collections: Collections
  private readonly upkeep: Upkeep
  private readonly started = Date.now()
  private syncedEnd = 0
  private lastSync = 0
  /** 0: there is nothing to let go of. Recovery may have left something. */
  private trimAt = Date.now() + TRIM_IDLE_MS
  private problem: SentError | null = null
  private retryAt = 0
  private shown = ''

  constructor(
    private readonly recorder: Recorder,
    private readonly link: VolumeLink,
  ) {
    this.seenEnd = this.syncedEnd = recorder.position
    this.collections = new Collections(recorder.history, say, toSent, () => this.wake())
    const tellVolume = (message: RecorderToVolume): void => link.tell(message)
    const log = { recorder, progress, dirty: layout.dirty, tellVolume, volumeRuns: () => this.volumeRuns }
    this.upkeep = new Upkeep(recorder.history, say, () => this.collections.running, toSent, log)
    data.toMain.on('message', (message: MainToRecorder) => this.hear(message))
  }

  async run(): Promise<void> {
    while (!this.closing) {
      const rest = await this.turn()
      if (this.closing) break
      await this.sleep(rest)
    }
    this.collections.close()
    await this.recorder.close()
    say({ type: 'closed' })
    data.toMain.close()
    this.link.port?.close()
  }

  private hear(message: MainToRecorder): void {
    switch (message.type) {
      case 'flush':
        this.flushes.push({ id: message.id, to: progress.log().end, then: message.then })
        this.retryAt = 0
        break
      case 'log':
        return void this.readLog(message)
      case 'pending':
        return this.namePending(message)
      case 'pause':
        this.paused = message.paused
        break
      case 'collect':
        this.collections.want(message)
        break
      case 'cancelCollect':
        this.collections.cancel(message.id)
        break
      case 'fold':
      case 'forget':
        this.upkeep.ask(message)
        break
      case 'hold':
        this.holding = true
        this.listenTo(message.volume)
        break
      case 'volumeReady':
        this.volumeRuns = true
        this.holding = false
        this.seenEnd = this.syncedEnd = progress.log().end
        if (this.problem) this.tellStopped()
        break
      case 'volumeEnded':
        this.volumeRuns = false
        this.holding = false
        this.link.port?.close()
        this.link.port = null
        this.recorder.volumeEnded(progress.log().end)
        break
      case 'close':
        this.closing = true
        // What waits for a collection within a turn is over at once; the next start goes on with it.
        this.recorder.history.endCollection()
    }
    this.wake()
  }

  private async readLog({ id, from, limit }: Extract<MainToRecorder, { type: 'log' }>): Promise<void> {
    try {
      say({ type: 'logged', id, entries: await this.recorder.history.log(from, limit), error: null })
    } catch (error) {
      say({ type: 'logged', id, entries: [], error: toSent(error) })
    }
  }

  private namePending({ id, limit }: Extract<MainToRecorder, { type: 'pending' }>): void {
    try {
      const operations = pendingOperations(this.recorder, progress.log().end, limit)
      say({ type: 'waiting', id, operations, error: null })
    } catch (error) {
      say({ type: 'waiting', id, operations: [], error: toSent(error) })
    }
  }

  /** A volume never begins on a working/ that a plan has left half changed. */
  private async finishPlan(): Promise<SentError | null> {
    try {
      await this.recorder.finishPlan()
      return null
    } catch (error) {
      this.fail(error)
      return this.problem
    }
  }

  private listenTo(volume: MessagePort): void {
    this.link.port = volume
    volume.on('message', (message: VolumeToRecorder) => {
      if (message.type === 'process') void this.recorder.programs.look(message.process, message.start)
      else this.wake()
    })
  }

  /** One look at the log; returns how long to rest, or null to sleep until woken. */
  private async turn(): Promise<number | null> {
    const { recorder } = this
    const now = Date.now()
    const log = progress.log()
    if (this.holding) {
      const error = await this.finishPlan()
      // The mount thread counts from what working/ has now.
      recorder.taken = 0
      const lastId = Math.max(log.lastId, recorder.lastRecorded, recorder.applied)
      const from = { position: recorder.position, applied: recorder.applied, nextIno: recorder.nextIno, lastId }
      if (error) this.holding = false
      this.publish()
      say({ type: 'held', from, error })
      return error ? 0 : null
    }
    await this.collections.begin()
    await this.upkeep.turn()
    if (log.end !== this.seenEnd) {
      this.seenEnd = log.end
      this.lastChange = now
      if (!this.stirred) say({ type: 'stirred' })
      this.stirred = true
      if (this.waitingSince === 0) this.waitingSince = now
    }
    this.syncLog(now, log.end)
    const waits = log.end > recorder.position
    if (this.problem && now < this.retryAt) return this.retryAt - now
    const { paused, volumeRuns, started, waitingSince: since, lastChange } = this
    const waiting = { flushing: this.flushes.length > 0, paused, volumeRuns, started, since, lastChange }
    if (isDue(now, log, recorder, settings, waiting)) {
      await this.attempt(log.end)
      await this.answerFlushes()
      this.publish()
      return 0
    }
    await this.answerFlushes()
    this.publish()
    if (waits && !paused) {
      this.show('waiting')
      return POLL_MS
    }
    if (!waits) this.waitingSince = 0
    if (this.trimAt !== 0) {
      if (now < this.trimAt) return this.trimAt - now
      this.trimAt = 0
      this.tryTrim()
    }
    this.publish()
    if (this.syncedEnd < log.end) return paused ? PAUSED_POLL_MS : SYNC_MS
    this.show(waits ? 'waiting' : 'idle')
    progress.setRecorderIdle(true)
    // What came between the look and the flag is seen now; what comes after it wakes us.
    if (progress.log().end !== log.end) {
      progress.setRecorderIdle(false)
      return 0
    }
    this.stirred = false
    return recorder.writers.size > 0 && !paused ? 1000 : null
  }

  private async attempt(to: number): Promise<void> {
    const { recorder } = this
    this.show('recording')
    try {
      const force = this.flushes.length > 0
      while (await recorder.turn(to, force)) {
        this.publish()
        if (fills(progress.log(), settings, 1 / 4)) recorder.trim()
        if (this.closing || this.holding) break
        // Lets messages in between two batches.
        await new Promise((done) => setImmediate(done))
      }
      if (this.problem) {
        this.problem = null
        reserve.take()
        this.tellStopped()
        this.show('recording')
      }
      this.waitingSince = 0
      this.trimAt = Date.now() + TRIM_IDLE_MS
    } catch (error) {
      this.fail(error)
    }
  }

  private tryTrim(): void {
    try {
      if (this.recorder.trim()) reserve.take()
    } catch (error) {
      this.fail(error)
    }
  }

  private fail(error: unknown): void {
    this.problem = toSent(error)
    // Told before the reserve is given up, so that nothing else takes the room.
    this.tellStopped()
    if (this.problem.code === 'E_SPACE' && reserve.release()) return void (this.retryAt = 0)
    this.retryAt = Date.now() + RETRY_MS
    this.show('stopped')
  }

  private tellStopped(): void {
    if (!this.volumeRuns) return
    this.link.tell({
      type: 'stopped',
      why: this.problem === null ? 'no' : this.problem.code === 'E_SPACE' ? 'full' : 'error',
    })
  }

  private async answerFlushes(): Promise<void> {
    const { recorder } = this
    // Others may come while something is made.
    for (const flush of this.flushes.splice(0)) {
      const { id, to, then } = flush
      if (recorder.position < to || recorder.writers.size > 0) {
        if (this.problem) say({ type: 'flushed', id, error: this.problem, made: null })
        else this.flushes.push(flush)
        continue
      }
      try {
        say({ type: 'flushed', id, error: null, made: await recorder.make(then) })
      } catch (error) {
        say({ type: 'flushed', id, error: toSent(error), made: null })
      }
    }
  }

  publish(): void {
    const { recorder } = this
    const oldest = recorder.writers.since || this.waitingSince
    progress.publishRecorder({
      taken: recorder.taken,
      takenTo: recorder.position,
      heldBack: recorder.writers.operations,
      oldest,
    })
  }

  private show(state: 'idle' | 'waiting' | 'recording' | 'stopped'): void {
    const problem = this.problem?.message ?? null
    const shown = `${state} ${problem ?? ''}`
    if (this.shown === shown) return
    this.shown = shown
    say({ type: 'state', state, problem })
  }

  /** Every second what was logged since goes to the disk, in the background. */
  private syncLog(now: number, end: number): void {
    if (end === this.syncedEnd || now - this.lastSync < SYNC_MS) return
    this.lastSync = now
    this.syncedEnd = end
    void syncNewest(layout.dirty).catch(() => undefined)
  }

  private sleep(ms: number | null): Promise<void> {
    if (ms === 0) return Promise.resolve()
    return new Promise((done) => {
      const timer = ms === null ? null : setTimeout(done, ms)
      this.wake = () => {
        if (timer) clearTimeout(timer)
        done()
      }
    })
  }
}

async function main(): Promise<void> {
  native.setThreadNice(5)
  sweepTmp()
  const recovered = openLog(layout.dirty)
  const link = new VolumeLink()
  const events: RecorderEvents = {
    volume: (message) => link.tell(message),
    stepsDone: (moves) => progress.publishSteps(moves),
    recorded: (recorded) => say({ type: 'recorded', ...recorded }),
    notice: (message) => say({ type: 'notice', message }),
  }
  const recorder = await Recorder.open(layout, settings, events).catch((error: unknown) => {
    // On a full disk not even the index opens without a little room.
    if (!reserve.release()) throw error
    return Recorder.open(layout, settings, events)
  })
  const start = recovered.segments[0]?.startPosition ?? recovered.endPosition
  await recorder.recover({ start, end: recovered.endPosition })
  // Until a volume runs, the log is what recovery found.
  recorder.taken = 0
  const waiting = recorder.count(recovered.endPosition)
  progress.publishLog({
    end: recovered.endPosition,
    lastId: recovered.lastId,
    appended: waiting.operations,
    bytes: recovered.bytes,
    ...waiting,
  })
  for (const { what, keptIn } of recovered.report) {
    say({ type: 'notice', message: keptIn === null ? what : `${what} (kept in dirty/${keptIn})` })
  }
  const loop = new Loop(recorder, link)
  // Whoever asks from now on hears of all that history lacks.
  loop.publish()
  say({ type: 'recovered', inHistoryUpTo: recorder.inHistoryUpTo() })
  await loop.run()
}

/** What was on its way into working/ when the last run ended is made again from the plan. */
function sweepTmp(): void {
  mkdirSync(layout.tmp, { recursive: true })
  for (const name of readdirSync(layout.tmp)) if (name.startsWith('restore-')) rmSync(join(layout.tmp, name))
}

main().catch((error: unknown) => say({ type: 'failed', error: toSent(error) }))
