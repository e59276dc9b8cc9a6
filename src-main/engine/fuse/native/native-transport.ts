import { readdir, readlink } from 'node:fs/promises'
import { IzeError } from '../../ize-error.ts'
import { izeMounts } from '../../project/mounts.ts'
import type { Progress } from '../../project/progress.ts'
import { unmountFuse } from '../../project/unmount.ts'
import { closeOnExec } from '../../sys/native.ts'
import type { Growth } from '../growth.ts'
import type { Transport, TransportEnd } from '../transport.ts'
import type { Volume } from '../volume.ts'
import { correctedFuse } from './corrected-fuse.ts'
import type { FuseModule, FuseObject } from './fuse-native.ts'
import { KnownFiles } from './known-files.ts'
import { LogSync } from './log-sync.ts'
import { operationsOn } from './operations.ts'
import { Requests } from './requests.ts'

/** How often it is looked whether the mount is still there: fuse-native does not tell. */
const LOOK_MS = 250
/** fuse-native.c copies no more of the mount point. */
const POINT_BYTES = 1023

export interface NativeOptions {
  readonly module: FuseModule
  readonly point: string
  readonly volume: Volume
  readonly progress: Progress
  readonly growth: Growth
  /** Takes in what the recorder said during a request. */
  readonly between: () => void
  readonly report: (message: string, error: unknown) => void
}

/** A mount through libfuse 2. Its threads wait for answers that are given on the thread that made this. */
export class NativeTransport implements Transport {
  private readonly requests: Requests
  private readonly files: KnownFiles
  private readonly fuse: FuseObject
  private device = ''
  private stopped = false
  private end: (why: TransportEnd) => void = () => undefined

  constructor(private readonly options: NativeOptions) {
    const { module, point, volume, progress, growth } = options
    const { log } = volume
    this.requests = new Requests({
      growth,
      between: options.between,
      parked: (count) => progress.setParked(count),
      report: options.report,
    })
    this.files = new KnownFiles(volume)
    const logSync = new LogSync(log)
    const { files, requests } = this
    this.fuse = correctedFuse(module, point, operationsOn({ volume, files, requests, sync: () => logSync.sync() }))
  }

  /** Errors: E_MOUNT_FUSE; then nothing is mounted. */
  async mount(): Promise<void> {
    const { point } = this.options
    if (Buffer.byteLength(point) > POINT_BYTES) throw failed(point, 'its path is too long for fuse-native')
    await new Promise<void>((resolve, reject) =>
      this.fuse.mount((error) => (error ? reject(failed(point, error.message)) : resolve())),
    )
    await keepFromChildren()
    const mine = (await izeMounts()).filter(({ path }) => path === point).at(-1)
    if (mine && !this.stopped) this.device = mine.device
    else await unmountFuse(point, true)
    if (!mine) throw failed(point, 'it is not in the table of mounts')
  }

  /** Ends with the mount; one that was detached lives until the last open file is closed. */
  async serve(): Promise<TransportEnd> {
    let looking: NodeJS.Timeout | undefined
    const why = await new Promise<TransportEnd>((resolve) => {
      this.end = resolve
      if (this.stopped) resolve('stopped')
      looking = setInterval(() => void this.isGone().then((gone) => gone && resolve('unmounted')), LOOK_MS)
    })
    clearInterval(looking)
    return why
  }

  /** There may be room in the log again. */
  resume(): void {
    this.requests.resume()
  }

  /** Whoever still asks gets EIO from now on. */
  stop(): void {
    this.stopped = true
    this.end('stopped')
  }

  /** Nothing is served any more. The mount itself is the session's to end. */
  close(): void {
    this.requests.end()
    // Lets go of the event loop; the threads of libfuse end with the connection.
    this.fuse.unmount(() => undefined)
  }

  private async isGone(): Promise<boolean> {
    const mounts = await izeMounts()
    return this.files.openCount === 0 && !mounts.some(({ device }) => device === this.device)
  }
}

/**
 * libfuse 2 lets every program that we start inherit /dev/fuse: one that outlived us would keep the mount from ending,
 * and whoever uses it waiting for ever.
 */
async function keepFromChildren(): Promise<void> {
  for (const fd of await readdir('/proc/self/fd')) {
    const target = await readlink(`/proc/self/fd/${fd}`).catch(() => '')
    if (target === '/dev/fuse') closeOnExec(Number(fd))
  }
}

function failed(point: string, why: string): IzeError {
  const message = `Could not mount at ${point} through fuse-native: ${why}. "ize doctor" checks what is missing.`
  return new IzeError('E_MOUNT_FUSE', message, { mountPoint: point })
}
