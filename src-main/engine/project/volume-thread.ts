import { availableParallelism } from 'node:os'
import { startNativeVolume } from '../fuse/native/native-volume.ts'
import type { MountTransport } from './session.ts'
import { startThread, type SessionThread } from './session-thread.ts'
import type { MainToVolume, VolumeToMain, VolumeWorkerData } from './worker-messages.ts'

/** What serves a volume, wherever it runs. */
export type VolumeThread = SessionThread<MainToVolume, VolumeToMain>

/** Mount threads that poll: one CPU stays free. */
let polling = 0

/**
 * Opens the volume and mounts it: on a thread of its own, or on this one for `fuse-native`. Says `ready` or `failed`.
 * `spinNs`: how long it may poll for the next request, where there is a CPU for that.
 */
export function startVolumeThread(
  data: Omit<VolumeWorkerData, 'toMain' | 'spinNs'>,
  transport: MountTransport,
  spinNs: number,
): VolumeThread {
  if (transport === 'fuse-native' && data.mount) return startNativeVolume(data, data.mount.point)
  const spins = data.mount !== null && polling < availableParallelism() - 1
  const thread = startThread<MainToVolume, VolumeToMain, VolumeWorkerData>(
    'volume-worker',
    { ...data, spinNs: spins ? spinNs : 0 },
    [data.toRecorder],
  )
  if (spins) {
    polling++
    void thread.ended.then(() => polling--)
  }
  return thread
}
