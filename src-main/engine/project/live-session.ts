import { dirname } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { configFiles, readConfig } from '../config/config.ts'
import type { Config } from '../config/schema.ts'
import { IzeError } from '../ize-error.ts'
import type { FoldResult } from '../retention/fold-channel.ts'
import type { ForgetStep } from '../retention/forgetting.ts'
import type { Collected, CollectOptions } from '../store/collect.ts'
import * as native from '../sys/native.ts'
import { authorOf } from './create-project.ts'
import { collectWith } from './collect-with.ts'
import { projectLayout, type ProjectLayout } from './layout.ts'
import { measuredStatus } from './measured-status.ts'
import { mountHolders } from './mount-holders.ts'
import { PauseClock } from './pause-clock.ts'
import { Progress } from './progress.ts'
import { firstOf, received, startThread, type SessionThread } from './session-thread.ts'
import type {
  MountTransport,
  OpenFile,
  ProjectSession,
  RestoreStep,
  SessionEvent,
  SessionOptions,
  SessionStatus,
} from './session.ts'
import { unmountFuse } from './unmount.ts'
import { syncLog } from './sync-log.ts'
import { startVolumeThread, type VolumeThread } from './volume-thread.ts'
import type {
  AfterFlush,
  ChannelEntry,
  PendingOperation,
  CollectionOrder,
  MainToRecorder,
  MainToVolume,
  RecorderToMain,
  RecorderWorkerData,
  SentError,
  VolumeToMain,
  VolumeWorkerData,
} from './worker-messages.ts'
import { within } from './within.ts'

type RecorderThread = SessionThread<MainToRecorder, RecorderToMain>
type Answer = Extract<RecorderToMain, { readonly id: number; readonly error: SentError | null }>

/** A request that takes longer than this hangs whoever asked: the mount is ended then. */
const SILENT_MS = 10_000
const WATCH_MS = 1000
/** How long a batch may still run when the session closes; the log has all of it. */
const CLOSE_MS = 1200
/** How soon the mount thread hears of an unmount. */
const GONE_MS = 1000

/** Opens a project: recovers it and starts its recorder. Errors: E_LOG_DAMAGED, EPIJUL_OPEN, E_INDEX_*, E_WORKING. */
export async function openSession(options: SessionOptions): Promise<ProjectSession> {
  const layout = projectLayout(options.root)
  const central = dirname(dirname(options.root))
  const config = await readConfig(configFiles(central, layout.projectToml))
  const session = new LiveSession(layout, config)
  await session.start()
  return session
}

class LiveSession implements ProjectSession {
  private readonly progress = new Progress()
  private readonly listeners = new Set<(event: SessionEvent) => void>()
  /** What recovery has to say comes before anyone can listen. */
  private unheard: SessionEvent[] = []
  private readonly controlFd = native.eventFd()
  private readonly recorder: RecorderThread
  private volume: VolumeThread | null = null
  private mountPoint: string | null = null
  private fuseFd = -1
  private watchdog: NodeJS.Timeout | null = null
  private state: Extract<RecorderToMain, { type: 'state' }>['state'] = 'idle'
  private problem: string | null = null
  private pruneDue: string | null = null
  private inHistoryUpTo: readonly [number, number] | null = null
  private serial = 0
  private closed = false
  private readonly pauseClock = new PauseClock((paused) => {
    this.recorder.send({ type: 'pause', paused })
    this.emit({ type: 'stirred' })
  })

  constructor(
    private readonly layout: ProjectLayout,
    private readonly config: Config,
  ) {
    this.recorder = startThread<MainToRecorder, RecorderToMain, RecorderWorkerData>(
      'recorder-worker',
      {
        root: layout.root,
        progress: this.progress.memory,
        controlFd: this.controlFd,
        settings: {
          granularity: config['history.granularity'],
          textLimit: config['history.text-limit'],
          quietMs: config['record.quiet-ms'],
          maxWaitMs: config['record.max-wait-ms'],
          openWriterSeconds: config['record.open-writer-seconds'],
          limitBytes: config['log.limit-bytes'],
          limitOperations: config['log.limit-operations'],
          author: authorOf(config),
          ignore: config.ignore,
        },
      },
      [],
    )
    this.recorder.on((message) => this.hearRecorder(message))
    void this.recorder.ended.then((error) => {
      if (!this.closed) {
        this.setProblem(`History stopped: ${error?.message ?? 'its thread ended'}. Work is still saved.`)
      }
    })
  }

  async start(): Promise<void> {
    try {
      await firstOf(this.recorder, (message) => (message.type === 'recovered' ? true : undefined))
    } catch (error) {
      this.closed = true
      await this.recorder.kill()
      throw error
    }
  }

  async mount(mountPoint: string, transport: MountTransport): Promise<void> {
    const helper = process.getuid?.() === 0 ? null : 'fusermount3'
    await this.startVolume({ point: mountPoint, helper }, transport)
    this.mountPoint = mountPoint
    this.watchdog = setInterval(() => this.watch(), WATCH_MS)
    this.watchdog.unref()
  }

  async unmount(options: { readonly force: boolean; readonly lazy: boolean }): Promise<void> {
    const { mountPoint, volume } = this
    if (mountPoint === null || !volume) return
    if (!options.force && !options.lazy) {
      const openFiles = await mountHolders(mountPoint)
      if (openFiles.length > 0) throw busy(mountPoint, openFiles)
    }
    await unmountFuse(mountPoint, options.lazy || options.force)
    // A lazy unmount leaves the mount to those who hold it; by force it ends now.
    if (options.force) this.tellVolume({ type: 'stop' })
    if (options.lazy && !options.force) this.mountPoint = null
    else await this.ending(volume)
  }

  /** Where a program keeps mounts of its own (a container), the kernel does not say that ours is gone: it is ended. */
  private async ending(volume: VolumeThread): Promise<void> {
    await within(volume.ended, GONE_MS, () => this.tellVolume({ type: 'stop' }))
    await volume.ended
  }

  async status(): Promise<SessionStatus> {
    const { config } = this
    return Promise.resolve({
      mountPoint: this.mountPoint,
      recorder: this.state,
      problem: this.problem,
      pausedUntil: this.pauseClock.until,
      pruneDue: this.pruneDue,
      inHistoryUpTo: this.inHistoryUpTo && { sec: this.inHistoryUpTo[0], nsec: this.inHistoryUpTo[1] },
      ...measuredStatus(this.progress, config['log.limit-bytes'], config['log.limit-operations']),
    })
  }

  async flush(signal?: AbortSignal): Promise<void> {
    await this.make({ kind: 'nothing' }, signal)
  }

  async make(then: AfterFlush, signal?: AbortSignal): Promise<string | null> {
    const done = this.ask('flushed', (id) => ({ type: 'flush', id, then }))
    const aborted = new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => reject(new IzeError('E_CANCELLED', 'Cancelled; recording goes on.')), {
        once: true,
      })
    })
    const { made } = await (signal ? Promise.race([done, aborted]) : done)
    return made
  }

  async pending(limit: number): Promise<readonly PendingOperation[]> {
    return (await this.ask('waiting', (id) => ({ type: 'pending', id, limit }))).operations
  }

  pause(until: number | null): void {
    this.pauseClock.set(until)
  }

  async log(from: number | 'newest', limit: number): Promise<readonly ChannelEntry[]> {
    return (await this.ask('logged', (id) => ({ type: 'log', id, from, limit }))).entries
  }

  async collect(order: CollectionOrder | null, options: CollectOptions): Promise<Collected> {
    return collectWith(this.recorder, ++this.serial, order, options)
  }

  async fold(): Promise<FoldResult | null> {
    return (await this.ask('folded', (id) => ({ type: 'fold', id }))).result
  }

  async forget(objects: readonly string[], step: (step: ForgetStep) => void): Promise<void> {
    const end = this.recorder.on((message) => {
      if (message.type === 'forgetting') step(message.step)
    })
    try {
      await this.ask('forgotten', (id) => ({ type: 'forget', id, objects }))
    } finally {
      end()
    }
  }

  async restoreUnmounted(steps: readonly RestoreStep[]): Promise<void> {
    if (this.volume) throw new IzeError('E_INTERNAL', 'A mounted project is restored through its mount.')
    const volume = await this.startVolume(null, 'kernel')
    try {
      const id = ++this.serial
      const done = firstOf(volume, (message) =>
        message.type === 'restored' && message.id === id ? message : undefined,
      )
      volume.send({ type: 'restore', id, steps })
      const { error } = await done
      if (error) throw received(error)
      await this.flush()
    } finally {
      volume.send({ type: 'stop' })
      await volume.ended
    }
  }

  on(listener: (event: SessionEvent) => void): () => void {
    this.listeners.add(listener)
    for (const event of this.unheard.splice(0)) listener(event)
    return () => this.listeners.delete(listener)
  }

  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    this.pauseClock.stop()
    const volume = this.volume
    if (this.mountPoint !== null) await unmountFuse(this.mountPoint, true).catch(() => undefined)
    if (volume) {
      this.tellVolume({ type: 'stop' })
      await within(volume.ended, CLOSE_MS / 2, () => this.abort())
    }
    await syncLog(this.layout.dirty)
    this.recorder.send({ type: 'close' })
    await within(this.recorder.ended, CLOSE_MS, () => this.recorder.kill())
    native.closeFd(this.controlFd)
  }

  /** The recorder's answer to a question; it has the id of the question. */
  private async ask<Type extends Answer['type']>(
    type: Type,
    question: (id: number) => MainToRecorder,
  ): Promise<Extract<Answer, { readonly type: Type }>> {
    const id = ++this.serial
    const is = (message: RecorderToMain): message is Extract<Answer, { readonly type: Type }> =>
      message.type === type && 'id' in message && message.id === id
    const done = firstOf(this.recorder, (message) => (is(message) ? message : undefined))
    this.recorder.send(question(id))
    const answer = await done
    if (answer.error) throw received(answer.error)
    return answer
  }

  private async startVolume(mount: VolumeWorkerData['mount'], transport: MountTransport): Promise<VolumeThread> {
    const { port1, port2 } = new MessageChannel()
    const held = firstOf(this.recorder, (message) => (message.type === 'held' ? message : undefined))
    this.recorder.send({ type: 'hold', volume: port1 }, [port1])
    const { from, error } = await held
    if (error) throw received(error)
    const { config } = this
    const volume = startVolumeThread(
      {
        root: this.layout.root,
        progress: this.progress.memory,
        controlFd: this.controlFd,
        toRecorder: port2,
        from,
        limitBytes: config['log.limit-bytes'],
        limitOperations: config['log.limit-operations'],
        mount,
      },
      transport,
      config['mount.spin-us'] * 1000,
    )
    volume.on((message) => this.hearVolume(message))
    void volume.ended.then((error) => this.volumeEnded(volume, error))
    try {
      this.fuseFd = await firstOf(volume, (message) => (message.type === 'ready' ? message.fuseFd : undefined))
    } catch (error) {
      await volume.kill()
      throw error
    }
    this.volume = volume
    this.recorder.send({ type: 'volumeReady' })
    return volume
  }

  private tellVolume(message: MainToVolume): void {
    this.volume?.send(message)
    native.signalEvent(this.controlFd)
  }

  private hearRecorder(message: RecorderToMain): void {
    if (message.type === 'state') {
      this.state = message.state
      this.setProblem(message.problem)
      this.emit({ type: 'stirred' })
    } else if (message.type === 'stirred') {
      this.emit({ type: 'stirred' })
    } else if (message.type === 'recorded') {
      this.inHistoryUpTo = message.time
      this.emit({ type: 'recorded', sequence: message.sequence })
    } else if (message.type === 'notice') {
      this.emit({ type: 'problem', message: message.message })
    } else if (message.type === 'pruneDue') {
      this.pruneDue = message.why
      this.emit(message.why === null ? { type: 'stirred' } : { type: 'notice', message: message.why })
    } else if (message.type === 'recovered') {
      this.inHistoryUpTo = message.inHistoryUpTo
    }
  }

  private hearVolume(message: VolumeToMain): void {
    if (message.type === 'report') this.emit({ type: 'problem', message: message.message })
    else if (message.type === 'failed' && this.volume) {
      this.emit({ type: 'problem', message: `The mount ended: ${message.error.message}` })
    }
  }

  /** The thread is gone, so the kernel must not wait for it: its descriptor goes, and the connection with it. */
  private volumeEnded(volume: VolumeThread, error: Error | null): void {
    this.recorder.send({ type: 'volumeEnded' })
    if (this.volume !== volume) return
    this.volume = null
    if (this.fuseFd >= 0) native.closeFd(this.fuseFd)
    this.fuseFd = -1
    if (this.watchdog) clearInterval(this.watchdog)
    this.watchdog = null
    const wasMounted = this.mountPoint !== null
    this.mountPoint = null
    if (wasMounted && !this.closed) {
      this.emit({ type: 'unmounted', reason: error ? `the mount thread failed: ${error.message}` : 'the mount ended' })
    }
  }

  /** A request in work for too long: whoever asked gets an error now instead of hanging. */
  private watch(): void {
    const busy = this.progress.busy()
    if (!busy || Date.now() - busy.since < SILENT_MS) return
    this.emit({
      type: 'problem',
      message: `The mount did not answer for ${SILENT_MS / 1000} s (request ${busy.opcode}) and was ended.`,
    })
    this.abort()
    void this.volume?.kill()
  }

  private abort(): void {
    if (this.fuseFd >= 0) native.replaceWithNull(this.fuseFd)
  }

  private setProblem(problem: string | null): void {
    if (this.problem === problem) return
    this.problem = problem
    this.emit(problem === null ? { type: 'status' } : { type: 'problem', message: problem, passing: true })
  }

  private emit(event: SessionEvent): void {
    const tells = event.type === 'problem' || event.type === 'notice'
    if (this.listeners.size === 0 && tells) this.unheard.push(event)
    for (const listener of this.listeners) listener(event)
  }
}

function busy(mountPoint: string, openFiles: readonly OpenFile[]): IzeError {
  const programs = [...new Set(openFiles.map(({ program, pid }) => `${program} (${pid})`))]
  const more = programs.length > 3 ? ` and ${programs.length - 3} more` : ''
  const message = `${mountPoint} is in use by ${programs.slice(0, 3).join(', ')}${more}; end them, or unmount with --lazy or --force.`
  return new IzeError('E_MOUNT_BUSY', message, { openFiles })
}
