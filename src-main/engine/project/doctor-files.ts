import { pathToText } from '../../../src-preload/path-text.ts'
import { HistoryIndex } from '../history/history-index.ts'
import { IzeError } from '../ize-error.ts'
import { Sidecar } from '../namespace/sidecar.ts'
import { OplogReader } from '../oplog/oplog-reader.ts'
import { StateFile } from '../oplog/state-file.ts'
import { Executor } from '../recorder/execute.ts'
import { inspect, mend } from '../recorder/mend/mender.ts'
import type { Difference, MendWork } from '../recorder/mend/mending.ts'
import { PlanFile } from '../recorder/plan-file.ts'
import { WritersFile } from '../recorder/writers-file.ts'
import { ObjectStore } from '../store/object-store.ts'
import { readHead } from '../store/seals/head-ref.ts'
import { decodeSeal } from '../store/seals/seal.ts'
import { Trees } from '../store/tree/tree.ts'
import type { Findings } from './finding.ts'
import type { ProjectLayout } from './layout.ts'

const SHOWN = 3
const SLOW = 'Its contents are compared once all that was done is taken in: mount it once, then look again.'

/**
 * Compares every versioned file of working/ with the newest seal, content and all; with `fix` what is missing or differs
 * comes back from the store. What was changed by hand is kept beside it, and what is not versioned is left alone.
 */
export async function checkFiles(findings: Findings, layout: ProjectLayout, fix: boolean): Promise<void> {
  try {
    await compare(findings, layout, fix)
  } catch (error) {
    if (!(error instanceof IzeError)) throw error
    findings.note('files', `Files cannot be compared with history: ${error.message}`, 'Mend what is named above first.')
  }
}

async function compare(findings: Findings, layout: ProjectLayout, fix: boolean): Promise<void> {
  const stateFile = new StateFile(layout.dirty)
  const store = ObjectStore.open(layout.objects)
  const sidecar = new Sidecar(layout.identities)
  try {
    const state = stateFile.read()
    const trees = new Trees(store.nodes('tree'))
    const newest = await newestTree(layout, store, trees)
    const plan = new PlanFile(layout.dirty).read()
    const through = state.clean && (plan === null || plan.last <= state.applied)
    if (!newest || !through || newest.last > state.applied) {
      return findings.note('files', 'The last run did not end with everything taken in.', SLOW)
    }
    const { applied, nextIno } = state
    const writing = new Set(new WritersFile(layout.dirty).read().files.map(({ ino }) => ino))
    const known = { layout, sidecar, store, trees, applied, nextIno, writing, records: () => [], full: true }
    const work: MendWork = { ...known, tree: newest.tree }
    if (!fix) return tellFound(findings, await inspect(work))
    const mended = await mendByHand(work)
    stateFile.write({ ...state, nextIno: mended.nextIno })
    stateFile.sync()
    tellMended(findings, mended.differences)
  } finally {
    sidecar.close()
    store.close()
    stateFile.close()
  }
}

async function mendByHand(work: MendWork): ReturnType<typeof mend> {
  const log = new OplogReader(work.layout.dirty)
  const executor = new Executor(work.layout.working, work.layout.tmp, work.sidecar, log)
  try {
    return await mend(work, executor)
  } finally {
    executor.close()
    log.close()
  }
}

/** The tree of the newest seal, and the last operation in it; null: the seal of the newest change is missing. */
async function newestTree(
  { head: file, index: db }: ProjectLayout,
  store: ObjectStore,
  trees: Trees,
): Promise<{ readonly tree: string; readonly last: number } | null> {
  const head = await readHead(file)
  const index = HistoryIndex.open(db)
  const { sequence = 0, lastOp = 0 } = index.last() ?? {}
  index.close()
  if ((head?.n ?? 0) !== sequence) return null
  return { tree: head ? decodeSeal(store.nodes('seal').get(head.seal)).tree : trees.empty(), last: lastOp }
}

function tellFound(findings: Findings, differences: readonly Difference[]): void {
  if (differences.length === 0) return findings.ok('files', 'working/ has every versioned file as history has it.')
  findings.error(
    'files',
    `${differences.length} versioned files of working/ are not as history has them: ${listOf(differences)}.`,
    'Unmounted, "ize doctor --fix" brings them back; what was changed by hand is kept beside them.',
  )
}

function tellMended(findings: Findings, differences: readonly Difference[]): void {
  if (differences.length === 0) return tellFound(findings, [])
  const lost = differences.filter(({ what }) => what === 'lost')
  const brought = differences.filter(({ what }) => what !== 'lost')
  if (brought.length > 0) findings.note('files', `working/ is as history has it again: ${listOf(brought)}.`)
  if (lost.length === 0) return
  findings.error(
    'files',
    `${lost.length} versioned files cannot be brought back: ${listOf(lost)}.`,
    'Their contents are not in objects/: put that folder back from a backup.',
  )
}

function listOf(differences: readonly Difference[]): string {
  const shown = differences.slice(0, SHOWN).map(({ what, path, as }) => {
    const named = `"${pathToText(path)}" ${what}`
    return as === undefined ? named : `${named} as "${pathToText(as)}"`
  })
  const more = differences.length - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}
