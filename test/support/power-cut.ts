import { execFileSync } from 'node:child_process'
import { constants, rmSync } from 'node:fs'
import { join } from 'node:path'
import { decodeIdentity } from '../../src-main/engine/namespace/identity.ts'
import { S_IFMT, S_IFREG } from '../../src-main/engine/namespace/inode.ts'
import { IzeError } from '../../src-main/engine/ize-error.ts'
import { Sidecar } from '../../src-main/engine/namespace/sidecar.ts'
import { openLog } from '../../src-main/engine/oplog/recovery.ts'
import { OplogReader } from '../../src-main/engine/oplog/oplog-reader.ts'
import { type LogState, StateFile } from '../../src-main/engine/oplog/state-file.ts'
import { projectLayout, type ProjectLayout } from '../../src-main/engine/project/layout.ts'
import type { RecorderSettings } from '../../src-main/engine/project/worker-messages.ts'
import { Executor } from '../../src-main/engine/recorder/execute.ts'
import type { Plan } from '../../src-main/engine/recorder/plan.ts'
import { PlanFile } from '../../src-main/engine/recorder/plan-file.ts'
import { Recorder } from '../../src-main/engine/recorder/recorder.ts'
import * as native from '../../src-main/engine/sys/native.ts'
import type { Random } from './twin-operations.ts'
import { openRoot, readTree } from './twin-tree.ts'

/** A run of the machine that is over. */
export const OTHER_BOOT = '00000000deadbeef'

export const settings: RecorderSettings = {
  granularity: 'save',
  textLimit: 1_048_576,
  quietMs: 0,
  maxWaitMs: 0,
  openWriterSeconds: 60,
  limitBytes: 2 ** 30,
  limitOperations: 1e6,
  author: 'Test <test@localhost>',
  ignore: [],
}

export interface OpenedRecorder {
  readonly recorder: Recorder
  readonly end: number
  readonly notices: readonly string[]
}

/** The recorder of a project that nobody else has open, recovered. */
export async function openRecorder(layout: ProjectLayout, ignore: readonly string[] = []): Promise<OpenedRecorder> {
  const log = openLog(layout.dirty)
  const notices: string[] = []
  const quiet = (): void => undefined
  const events = { volume: quiet, stepsDone: quiet, recorded: quiet, notice: (said: string) => void notices.push(said) }
  const recorder = await Recorder.open(layout, { ...settings, ignore }, events)
  try {
    await recorder.recover({ start: log.segments[0]?.startPosition ?? log.endPosition, end: log.endPosition })
    return { recorder, end: log.endPosition, notices }
  } catch (error) {
    await recorder.close()
    throw error
  }
}

/** Takes all that waits into history and working/, and shows each plan that was carried out. */
export async function recordAll(root: string, ignore: readonly string[] = [], most = Infinity): Promise<Plan[]> {
  const layout = projectLayout(root)
  const { recorder, end } = await openRecorder(layout, ignore)
  const plans: Plan[] = []
  const file = new PlanFile(layout.dirty)
  for (let turn = 0; turn < most && (await recorder.turn(end, most === Infinity)); turn++) {
    const plan = file.read()
    if (plan && plan.last !== plans.at(-1)?.last) plans.push(plan)
  }
  await recorder.close()
  return plans
}

export function copyProject(from: string, to: string): string {
  rmSync(to, { recursive: true, force: true })
  execFileSync('cp', ['-a', '--sparse=always', from, to])
  return to
}

/**
 * Gives `disk` what a machine may have on its disk whose file system keeps each step whole, and lets them reach the disk in
 * any order: all that was done before the executor synced the last time, and any of the steps behind it.
 */
export function loseAnySteps(disk: string, before: string, plans: readonly Plan[], random: Random): void {
  const layout = projectLayout(disk)
  const restart = (): void => {
    for (const name of ['working', 'tmp', 'meta']) copyProject(join(before, name), join(disk, name))
  }
  restart()
  const synced: number[] = [0]
  withExecutor(layout, (executor) => {
    let done = 0
    const sync = executor.sync.bind(executor)
    executor.sync = () => {
      synced.push(done)
      sync()
    }
    for (const plan of plans) executor.run(plan, () => done++)
  })
  restart()
  const steps = plans.flatMap((plan) => plan.steps)
  const end = random.of([random.below(steps.length), random.below(steps.length), steps.length])
  const safe = Math.max(...synced.filter((at) => at <= end))
  const share = random.of([0.2, 0.5, 0.9])
  withExecutor(layout, (executor) => {
    executor.sync = () => undefined
    for (const [index, step] of steps.slice(0, end).entries()) {
      if (index >= safe && !random.chance(share)) continue
      try {
        executor.run({ steps: [step] }, () => undefined)
      } catch (error) {
        // What it stands on did not reach the disk, so it cannot have.
        if (index < safe || !(error instanceof IzeError) || error.code !== 'E_APPLY') throw error
      }
    }
  })
  setState(disk, before, random)
}

function withExecutor(layout: ProjectLayout, work: (executor: Executor) => void): void {
  const log = new OplogReader(layout.dirty)
  const sidecar = new Sidecar(layout.identities)
  const executor = new Executor(layout.working, layout.tmp, sidecar, log)
  work(executor)
  executor.close()
  sidecar.close()
  log.close()
}

/**
 * Gives `disk` what a machine may have on its disk that stopped while plans were carried out: the working/ of `before`
 * with the names of some first steps, as a file system with a journal keeps them, and contents and attributes of any.
 */
export function loseSteps(disk: string, before: string, plans: readonly Plan[], random: Random): void {
  const layout = projectLayout(disk)
  for (const name of ['working', 'tmp', 'meta']) copyProject(join(before, name), join(disk, name))
  const steps = plans.flatMap((plan) => plan.steps)
  const kept = random.of([0, random.below(steps.length), random.below(steps.length), steps.length])
  const share = random.of([0.2, 0.5, 0.9, 1])
  const log = new OplogReader(layout.dirty)
  const sidecar = new Sidecar(layout.identities)
  const executor = new Executor(layout.working, layout.tmp, sidecar, log)
  const born: number[] = []
  for (const [index, step] of steps.entries()) {
    const loose = step.do === 'content' || step.do === 'attributes'
    if (loose ? !random.chance(share) : index >= kept) continue
    executor.run({ steps: [step] }, () => undefined)
    if (step.do === 'file') born.push(step.ino)
    if (step.do === 'place' && born.includes(step.ino) && random.chance(0.3)) spoil(layout.working, step.path, random)
  }
  executor.close()
  sidecar.close()
  log.close()
  setState(disk, before, random)
}

/** What was written into a new file has not come to the disk, or not all. */
function spoil(working: string, path: string, random: Random): void {
  const file = `${Buffer.from(working).toString('latin1')}/${path}`
  const fd = native.openAt(native.AT_FDCWD, file, constants.O_RDWR | constants.O_NOFOLLOW, 0)
  if (fd < 0) return
  native.truncateFd(fd, random.chance(0.5) ? 0 : random.below(1000))
  native.closeFd(fd)
}

/** The state of this disk, or the older one of `before`; of another run of the machine. */
export function setState(disk: string, before: string, random: Random): void {
  if (random.chance(0.5)) copyProject(join(before, 'dirty/state'), join(disk, 'dirty/state'))
  const file = new StateFile(projectLayout(disk).dirty)
  file.write({ ...file.read(), boot: OTHER_BOOT })
  file.close()
}

/** Everything in working/, identities included, as lines to compare. */
export function linesOf(root: string): string[] {
  const { working, identities } = projectLayout(root)
  const fd = openRoot(working)
  const sidecar = new Sidecar(identities)
  const numbers = new Map<string, number>()
  const tree = readTree(fd)
  native.closeFd(fd)
  const lines = tree.map(({ path, mode, uid, gid, nlink, rdev, size, mtime, target, xattrs, content }) => {
    const { 'user.ize': mark, ...others } = xattrs
    const bytes = Buffer.from(mark ?? '', 'latin1')
    const slash = path.lastIndexOf('/')
    const above = numbers.get(path.slice(0, Math.max(0, slash))) ?? 1
    const held = sidecar.get(above as never, path.slice(slash + 1))
    const identity = mark === undefined ? held : decodeIdentity(bytes, 0, bytes.length)
    numbers.set(path, identity?.ino ?? 0)
    const { ino, mode: full, ctimeSec, ctimeNsec } = identity ?? {}
    // What a link counts is its names; a directory's count is its file system's affair.
    const links = (mode & S_IFMT) === S_IFREG ? nlink : 0
    const facts = { path, mode, uid, gid, links, rdev, size, mtime, target, content, others, ino, full }
    return JSON.stringify({ ...facts, ctime: [ctimeSec, ctimeNsec] })
  })
  sidecar.close()
  return lines
}

export function stateOf(root: string): LogState {
  const file = new StateFile(projectLayout(root).dirty)
  file.close()
  return file.read()
}
