/**
 * Leaves a log with operations that nobody has taken in: the mount thread alone, without a recorder, on a new project
 * while no engine runs, and a client that works on the mount. Arguments: the project's folder, a mount point, how many.
 */
import { MessageChannel } from 'node:worker_threads'
import { FIRST_STATE } from '../src-main/engine/oplog/state-file.ts'
import { Progress } from '../src-main/engine/project/progress.ts'
import { firstOf, startThread } from '../src-main/engine/project/session-thread.ts'
import { unmountFuse } from '../src-main/engine/project/unmount.ts'
import type { MainToVolume, VolumeToMain, VolumeWorkerData } from '../src-main/engine/project/worker-messages.ts'
import * as native from '../src-main/engine/sys/native.ts'
import { runOwn } from './processes.ts'

async function main(): Promise<void> {
  const [root = '', point = '', amount = '0'] = process.argv.slice(2)
  const progress = new Progress()
  const { port1, port2 } = new MessageChannel()
  const volume = startThread<MainToVolume, VolumeToMain, VolumeWorkerData>(
    'volume-worker',
    {
      root,
      progress: progress.memory,
      controlFd: native.eventFd(),
      toRecorder: port2,
      from: { position: 0, applied: 0, nextIno: FIRST_STATE.nextIno, lastId: 0 },
      limitBytes: Number.MAX_SAFE_INTEGER,
      limitOperations: Number.MAX_SAFE_INTEGER,
      spinNs: 0,
      mount: { point, helper: process.getuid?.() === 0 ? null : 'fusermount3' },
    },
    [port2],
  )
  await firstOf(volume, (message) => (message.type === 'ready' ? true : undefined))
  try {
    await runOwn('work', 'mixed', point, Number(amount))
  } finally {
    await unmountFuse(point, false)
    await volume.ended
    port1.close()
  }
  console.log(JSON.stringify({ operations: progress.log().appended }))
}

void main()
