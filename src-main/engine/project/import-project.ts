import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeIdentity, IDENTITY_XATTR } from '../namespace/identity.ts'
import { Sidecar } from '../namespace/sidecar.ts'
import { currentBoot } from '../oplog/boot.ts'
import type { Ino } from '../oplog/operation.ts'
import { StateFile } from '../oplog/state-file.ts'
import { now, type Instant } from '../sys/clock.ts'
import { syncDirectory } from '../sys/durable-write.ts'
import * as native from '../sys/native.ts'
import { TreeCopy } from './import-copy.ts'
import { stagingFolder } from './central-directory.ts'
import { Cancelled, checked, importFailure } from './import-errors.ts'
import { ImportHistory } from './import-history.ts'
import { openDirectory, planFor, tooLarge } from './import-plan.ts'
import { SourceScanner, type SourceTree } from './import-scan.ts'
import type { ImportPlan, ImportProgress, ImportReport, ImportRequest } from './import-types.ts'
import { projectLayout, type ProjectLayout } from './layout.ts'
import { newProjectFile } from './project-file.ts'

const REPORT_EVERY_MS = 100

/**
 * Makes a project in a staging folder, `projects/.{uuid}.partial`, and gives it its name last, so that a project is
 * there whole or not at all. Runs in a thread of its own; the caller removes the staging folder when this fails.
 * Errors: E_SPACE, E_IMPORT_READ, E_IMPORT, E_CANCELLED.
 */
export async function importProject(
  request: ImportRequest,
  progress: (progress: ImportProgress) => void,
  cancelled: () => boolean,
): Promise<ImportReport> {
  native.raiseFileLimit(65_536)
  const staging = stagingFolder(request.projects, request.uuid)
  const layout = projectLayout(staging)
  for (const directory of [staging, layout.working, layout.dirty, layout.tmp, layout.objects, layout.meta]) {
    await mkdir(directory, { mode: 0o700 })
  }
  await writeFile(layout.projectToml, newProjectFile(request), { mode: 0o600 })
  const workingFd = openDirectory(layout.working)
  const fds = [workingFd]
  const time = now()
  const incomplete: { path: string; why: string }[] = []
  try {
    const sourceFd = request.source === null ? null : openDirectory(request.source)
    if (sourceFd !== null) fds.push(sourceFd)
    const tree = sourceFd === null ? null : scan(sourceFd, request, progress, cancelled)
    const plan = tree && planFor(tree, workingFd)
    if (plan) progress({ phase: 'plan', ...plan })
    if (plan && plan.needed > plan.free) throw tooLarge(plan, request.source ?? '')

    const reports = new Reports(progress, plan)
    const history = await ImportHistory.open({
      ...request,
      layout,
      time,
      stored: (files) => reports.stored(files),
    })
    let changes: readonly string[]
    try {
      if (tree && sourceFd !== null)
        await copy(sourceFd, tree, { layout, workingFd, history, time, cancelled, reports, incomplete })
      else emptyRoot(workingFd, time)
      reports.recording()
      changes = await history.finish()
    } catch (error) {
      await history.abandon()
      throw error
    }
    if (cancelled()) throw new Cancelled()
    writeState(layout, tree?.nextIno ?? 2)
    // Everything below the folder is on disk before its name is: a crash leaves a leftover or the whole project.
    checked(native.syncFileSystem(workingFd), 'sync', '')
    await rename(staging, join(request.projects, request.uuid))
    await syncDirectory(request.projects)
    return { plan, changes, incomplete }
  } catch (error) {
    throw importFailure(error)
  } finally {
    for (const fd of fds) native.closeFd(fd)
  }
}

interface CopyContext {
  readonly layout: ProjectLayout
  readonly workingFd: number
  readonly history: ImportHistory
  readonly time: Instant
  readonly cancelled: () => boolean
  readonly reports: Reports
  readonly incomplete: { path: string; why: string }[]
}

async function copy(sourceFd: number, tree: SourceTree, context: CopyContext): Promise<void> {
  const { layout, reports, incomplete } = context
  const sidecar = new Sidecar(layout.identities)
  try {
    const target = {
      ...context,
      sidecar,
      copied: (bytes: number) => reports.copied(bytes),
      incomplete: (path: string, why: string) => void incomplete.push({ path, why }),
    }
    await new TreeCopy(target).root(sourceFd, tree.root)
    sidecar.sync()
  } finally {
    sidecar.close()
  }
}

function scan(
  sourceFd: number,
  request: ImportRequest,
  progress: (progress: ImportProgress) => void,
  cancelled: () => boolean,
): SourceTree {
  return new SourceScanner(request.patterns, cancelled, (files, bytes) =>
    progress({ phase: 'scan', files, bytes }),
  ).scan(sourceFd)
}

function emptyRoot(workingFd: number, { sec, nsec }: Instant): void {
  const identity = {
    ino: 1 as Ino,
    mode: 0o755,
    sparse: false,
    ctimeSec: sec,
    ctimeNsec: nsec,
    btimeSec: sec,
    btimeNsec: nsec,
    applied: 0,
  } as const
  checked(native.chmodAt(workingFd, '', 0o755), 'set the mode of', '')
  checked(native.setXattr(workingFd, '', IDENTITY_XATTR, encodeIdentity(identity), 0), 'mark', '')
}

function writeState(layout: ProjectLayout, nextIno: number): void {
  const state = new StateFile(layout.dirty)
  try {
    state.write({ applied: 0, recorded: 0, nextIno, boot: currentBoot(), clean: true })
  } finally {
    state.close()
  }
}

/** Progress a few times a second, whatever the number of files. */
class Reports {
  private files = 0
  private bytes = 0
  private storedFiles = 0
  private last = 0

  constructor(
    private readonly progress: (progress: ImportProgress) => void,
    private readonly plan: ImportPlan | null,
  ) {}

  copied(bytes: number): void {
    this.files++
    this.bytes += bytes
    const at = performance.now()
    if (at - this.last < REPORT_EVERY_MS) return
    this.last = at
    this.progress({
      phase: 'copy',
      files: this.files,
      bytes: this.bytes,
      totalFiles: this.plan?.files ?? 0,
      totalBytes: this.plan?.bytes ?? 0,
    })
  }

  stored(files: number): void {
    this.storedFiles += files
  }

  recording(): void {
    if (this.plan) this.progress({ phase: 'record', files: this.storedFiles, totalFiles: this.files })
  }
}
