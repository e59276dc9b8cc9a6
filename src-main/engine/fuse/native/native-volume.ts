import type { SessionThread } from '../../project/session-thread.ts'
import type { MainToVolume, RecorderToVolume, VolumeToMain, VolumeWorkerData } from '../../project/worker-messages.ts'
import { describe, MOUNTED, toSent } from '../sent-error.ts'
import { VolumeHost } from '../volume-host.ts'
import { loadFuseNative } from './fuse-native.ts'
import { NativeTransport } from './native-transport.ts'

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
  readonly ended: Promise<null>
  private readonly listeners = new Set<(message: VolumeToMain) => void>()
  private transport: NativeTransport | null = null

  constructor(
    private readonly data: Data,
    private readonly point: string,
  ) {
    // Whoever starts this listens before anything is said.
    this.ended = Promise.resolve().then(() => this.run())
  }

  on(listener: (message: VolumeToMain) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  send(message: MainToVolume): void {
    if (message.type === 'stop') this.transport?.stop()
    else this.say({ type: 'restored', id: message.id, error: MOUNTED })
  }

  async kill(): Promise<void> {
    this.transport?.stop()
    await this.ended
  }

  private async run(): Promise<null> {
    try {
      await this.serve()
    } catch (error) {
      this.say({ type: 'failed', error: toSent(error) })
    }
    this.data.toRecorder.close()
    return null
  }

  private async serve(): Promise<void> {
    const { toRecorder } = this.data
    const module = loadFuseNative()
    const host = new VolumeHost(this.data)
    try {
      const transport = new NativeTransport({
        module,
        point: this.point,
        volume: host.volume,
        progress: host.progress,
        growth: host.growth,
        between: () => host.hear(),
        report: (message, error) => this.say({ type: 'report', message: `${message}: ${describe(error)}` }),
      })
      this.transport = transport
      toRecorder.on('message', (message: RecorderToVolume) => {
        host.take(message)
        transport.resume()
      })
      await transport.mount()
      this.say({ type: 'ready', fuseFd: -1 })
      this.say({ type: 'ended', reason: await transport.serve() })
    } finally {
      toRecorder.removeAllListeners('message')
      this.transport?.close()
      host.close()
    }
  }

  private say(message: VolumeToMain): void {
    for (const listener of [...this.listeners]) listener(message)
  }
}
