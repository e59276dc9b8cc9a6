import { izeMounts } from '../../project/mounts.ts'
import type { SessionThread } from '../../project/session-thread.ts'
import { unmountFuse } from '../../project/unmount.ts'
import type { MainToVolume, RecorderToVolume, VolumeToMain, VolumeWorkerData } from '../../project/worker-messages.ts'
import { IzeError } from '../../ize-error.ts'
import { describe, MOUNTED, toSent } from '../sent-error.ts'
import { VolumeHost } from '../volume-host.ts'
import { correctedFuse } from './corrected-fuse.ts'
import { loadFuseNative, type FuseObject } from './fuse-native.ts'
import { KnownFiles } from './known-files.ts'
import { LogSync } from './log-sync.ts'
import { operationsOn } from './operations.ts'
import { Requests } from './requests.ts'

/** How often it is looked whether the mount is still there: fuse-native does not tell. */
const LOOK_MS = 250
/** fuse-native.c copies no more of the mount point. */
const POINT_BYTES = 1023

type Data = Omit<VolumeWorkerData, 'toMain' | 'spinNs' | 'controlFd'>

/**
 * A volume mounted through fuse-native, which supports no worker threads: it lives on the thread that calls this, the
 * engine's main thread, and speaks with the session as a mount thread would. That thread must never wait for the mount:
 * no synchronous call on a path below it, and no child process started in it.
 */
export function startNativeVolume(data: Data, point: string): SessionThread<MainToVolume, VolumeToMain> {
  return new NativeVolume(data, point)
}

class NativeVolume implements SessionThread<MainToVolume, VolumeToMain> {
  readonly ended: Promise<Error | null>
  private readonly listeners: ((message: VolumeToMain) => void)[] = []
  private resolveEnded: (error: Error | null) => void = () => undefined
  private served: Served | null = null
  private over = false

  constructor(
    private readonly data: Data,
    private readonly point: string,
  ) {
    this.ended = new Promise((resolve) => (this.resolveEnded = resolve))
    // Whoever started this listens first.
    queueMicrotask(() => void this.begin())
  }

  on(listener: (message: VolumeToMain) => void): void {
    this.listeners.push(listener)
  }

  send(message: MainToVolume): void {
    if (message.type === 'stop') this.end('stopped')
    else this.say({ type: 'restored', id: message.id, error: MOUNTED })
  }

  kill(): Promise<void> {
    this.end('stopped')
    return Promise.resolve()
  }

  private async begin(): Promise<void> {
    try {
      const served = new Served(this.data, this.point, (message) => this.say(message))
      this.served = served
      await served.mount()
      if (this.over) return
      served.watch(() => this.end('unmounted'))
      this.say({ type: 'ready', fuseFd: -1 })
    } catch (error) {
      this.say({ type: 'failed', error: toSent(error) })
      this.end('stopped')
    }
  }

  private end(reason: 'unmounted' | 'stopped'): void {
    if (this.over) return
    this.over = true
    this.served?.close()
    this.data.toRecorder.close()
    this.say({ type: 'ended', reason })
    this.resolveEnded(null)
  }

  private say(message: VolumeToMain): void {
    for (const listener of [...this.listeners]) listener(message)
  }
}

/** The volume, what serves it, and the mount. */
class Served {
  private readonly host: VolumeHost
  private readonly requests: Requests
  private readonly files: KnownFiles
  private readonly fuse: FuseObject
  private looking: NodeJS.Timeout | null = null
  private device = ''

  constructor(
    data: Data,
    private readonly point: string,
    say: (message: VolumeToMain) => void,
  ) {
    const module = loadFuseNative()
    const host = new VolumeHost(data)
    const { log } = host
    this.host = host
    this.requests = new Requests({
      full: () => log.bytes >= data.limitBytes || log.operations >= data.limitOperations,
      recorderStopped: () => host.recorderStopped,
      between: () => host.hear(),
      parked: (count) => host.progress.setParked(count),
      report: (message, error) => say({ type: 'report', message: `${message}: ${describe(error)}` }),
    })
    this.files = new KnownFiles(host.volume)
    const logSync = new LogSync(log)
    const operations = operationsOn({
      volume: host.volume,
      files: this.files,
      requests: this.requests,
      sync: () => logSync.sync(),
    })
    this.fuse = correctedFuse(module, point, operations)
    data.toRecorder.on('message', (message: RecorderToVolume) => {
      host.take(message)
      this.requests.resume()
    })
  }

  /** Errors: E_MOUNT_FUSE. */
  async mount(): Promise<void> {
    if (Buffer.byteLength(this.point) > POINT_BYTES) throw failed(this.point, 'its path is too long for fuse-native')
    await new Promise<void>((resolve, reject) =>
      this.fuse.mount((error) => (error ? reject(failed(this.point, error.message)) : resolve())),
    )
    const mine = (await izeMounts()).filter(({ path }) => path === this.point).at(-1)
    if (!mine) {
      await unmountFuse(this.point, true)
      throw failed(this.point, 'it is not in the table of mounts')
    }
    this.device = mine.device
  }

  /** Calls `gone` once nothing of the mount is left: a detached one lives until the last open file is closed. */
  watch(gone: () => void): void {
    this.looking = setInterval(() => {
      void izeMounts().then((mounts) => {
        if (!mounts.some(({ device }) => device === this.device) && this.files.openCount === 0) gone()
      })
    }, LOOK_MS)
  }

  close(): void {
    if (this.looking) clearInterval(this.looking)
    this.requests.end()
    // Lets go of the event loop; the libfuse threads end with the connection.
    this.fuse.unmount(() => undefined)
    this.host.close()
  }
}

function failed(point: string, why: string): IzeError {
  const message = `Could not mount at ${point} through fuse-native: ${why}. "ize doctor" checks what is missing.`
  return new IzeError('E_MOUNT_FUSE', message, { mountPoint: point })
}
