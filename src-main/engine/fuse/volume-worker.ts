import { receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { MainToVolume, RecorderToVolume, VolumeToMain, VolumeWorkerData } from '../project/worker-messages.ts'
import { RESERVE_BYTES } from '../oplog/reserve.ts'
import { projectLayout } from '../project/layout.ts'
import { reached } from '../sys/failpoint.ts'
import * as native from '../sys/native.ts'
import { KernelTransport } from './kernel/kernel-transport.ts'
import { mountFuse } from './mount-options.ts'
import { restoreInto } from './restore.ts'
import { describe, MOUNTED, toSent } from './sent-error.ts'
import { VolumeHost } from './volume-host.ts'

/** The mount thread: opens the volume, mounts it, and serves until the mount ends or main says stop. */
const data = workerData as VolumeWorkerData
const say = (message: VolumeToMain): void => data.toMain.postMessage(message)

function main(): void {
  const host = new VolumeHost(data)
  if (data.mount === null) serveDirectly(host)
  else serveMount(host, data.mount)
}

/** Without a mount there is no loop to keep: messages come as events. */
function serveDirectly(host: VolumeHost): void {
  const layout = projectLayout(data.root)
  data.toRecorder.on('message', (message: RecorderToVolume) => host.take(message))
  data.toMain.on('message', (message: MainToVolume) => {
    switch (message.type) {
      case 'stop':
        host.close()
        say({ type: 'ended', reason: 'stopped' })
        data.toMain.close()
        data.toRecorder.close()
        return
      case 'restore':
        restoreInto(host.volume, layout.objects, layout.tmp, message.steps).then(
          () => say({ type: 'restored', id: message.id, error: null }),
          (error: unknown) => say({ type: 'restored', id: message.id, error: toSent(error) }),
        )
    }
  })
  say({ type: 'ready', fuseFd: -1 })
}

function serveMount(host: VolumeHost, mount: { readonly point: string; readonly helper: string | null }): void {
  let stopping = false
  const hearMain = (): void => {
    for (let got = receiveMessageOnPort(data.toMain); got; got = receiveMessageOnPort(data.toMain)) {
      const message = got.message as MainToVolume
      if (message.type === 'stop') stopping = true
      else say({ type: 'restored', id: message.id, error: MOUNTED })
    }
  }
  const fuseFd = mountFuse(mount.point, mount.helper)
  const lane = new native.ReplyLane(fuseFd)
  const notifier = new native.ReplyLane(fuseFd)
  const laneState = new Float64Array(4)
  let failures = 0
  const transport = new KernelTransport({
    fuseFd,
    controlFd: data.controlFd,
    volume: host.volume,
    progress: host.progress,
    lane,
    notifier,
    spinNs: data.spinNs,
    growth: host.growth,
    statfsFd: host.space.tree.directory(host.space.root),
    reserveBytes: RESERVE_BYTES,
    control: () => {
      reached('between-requests')
      host.hear()
      hearMain()
      return stopping
    },
    syncs: () => {
      lane.state(laneState)
      const finished = laneState[0] as number
      if ((laneState[1] as number) > failures) {
        failures = laneState[1] as number
        host.log.syncFailed(finished)
      } else {
        host.log.syncDone(finished)
      }
    },
    report: (message, error) => say({ type: 'report', message: `${message}: ${describe(error)}` }),
  })
  say({ type: 'ready', fuseFd })
  try {
    say({ type: 'ended', reason: transport.serve() })
  } finally {
    // Main closes the descriptor, whatever ended this thread: the connection goes with it, and nobody waits for us.
    lane.close()
    notifier.close()
    host.close()
  }
}

try {
  main()
} catch (error) {
  say({ type: 'failed', error: toSent(error) })
}
