import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { HistoryIndex } from '../history/history-index.ts'
import { changesOf } from '../history/open-current-index.ts'
import { rebuildIndex } from '../history/rebuild-index.ts'
import { SearchDatabase } from '../history/search-database.ts'
import { IzeError } from '../ize-error.ts'
import { findDamage, scanFile } from '../oplog/damage.ts'
import { segmentNames } from '../oplog/segment.ts'
import { StateFile } from '../oplog/state-file.ts'
import { WritersFile } from '../recorder/writers-file.ts'
import { Channel } from '../retention/channel.ts'
import { checkContents } from './doctor-contents.ts'
import { checkFiles } from './doctor-files.ts'
import { checkSeals } from './doctor-seals.ts'
import { checkWorking } from './doctor-working.ts'
import { Findings, type Finding } from './finding.ts'
import { projectLayout, type ProjectLayout } from './layout.ts'

export interface ProjectCheck {
  readonly root: string
  readonly name: string
  /** Mends what can be made anew without losing anything: index, seals, contents, versioned files of working/. */
  readonly fix: boolean
  /** Makes the indexes anew, whatever their state. */
  readonly rebuildIndex: boolean
}

/**
 * Looks at everything a project has on disk. In a thread of its own, and only while nobody has the project open: a
 * Pijul repository has one owner.
 */
export async function checkProject({
  root,
  name,
  fix,
  rebuildIndex: rebuildAll,
}: ProjectCheck): Promise<readonly Finding[]> {
  const findings = new Findings(name)
  const layout = projectLayout(root)
  const missing = [layout.working, layout.dirty, layout.objects, layout.meta].filter((folder) => !existsSync(folder))
  if (missing.length > 0) {
    findings.error('layout', `${missing.join(', ')} is missing.`, 'Put it back from a backup; nothing was changed.')
    return findings.list
  }
  checkLog(findings, layout)
  const nextIno = checkState(findings, layout)
  checkWorking(findings, layout, nextIno)
  await checkHistory(findings, layout, fix, rebuildAll)
  return findings.list
}

/** Reads every record; cutting a torn end is left to the engine's own recovery. */
function checkLog(findings: Findings, { dirty }: ProjectLayout): void {
  const scans = segmentNames(dirty).map((name) => scanFile(dirty, name))
  const damage = findDamage(scans)
  const operations = scans.reduce((sum, scan) => sum + scan.operations, 0)
  if (!damage) return findings.ok('log', `The operation log is sound; ${operations} operations wait in it.`)
  const where = `${join(dirty, scans[damage.index]?.name ?? '')}, byte ${damage.offset}`
  if (damage.nextGoodId === 0) {
    return findings.note(
      'log',
      `The operation log ends in an unfinished record (${where}), as a killed program leaves it.`,
      'It is cut and kept aside when the project is next mounted.',
    )
  }
  const lost = `between operation ${damage.lastGoodId} and ${damage.nextGoodId}`
  findings.error(
    'log',
    `The operation log is damaged at ${where}, ${lost}.`,
    'Keep a copy of the folder dirty/. What is behind the damage is not lost; please report it.',
  )
}

/** The first inode number that was never given; null: unknown. */
function checkState(findings: Findings, { dirty }: ProjectLayout): number | null {
  try {
    const file = new StateFile(dirty)
    const { applied, recorded, nextIno } = file.read()
    file.close()
    const held = new WritersFile(dirty).read().files.length
    const waiting = held === 0 ? '' : `; ${held} changed files wait for their version`
    findings.ok('state', `Applied up to operation ${applied}, recorded up to ${recorded}${waiting}.`)
    return nextIno
  } catch (error) {
    if (!(error instanceof IzeError)) throw error
    findings.error('state', error.message, 'Keep a copy of the folder dirty/ and report it.')
    return null
  }
}

async function checkHistory(
  findings: Findings,
  layout: ProjectLayout,
  fix: boolean,
  rebuildAll: boolean,
): Promise<void> {
  let repository: Channel
  try {
    repository = await Channel.open(layout)
  } catch (error) {
    // What is wrong around the repository says itself what to do.
    if (error instanceof IzeError) return findings.error('pijul', error.message, 'Nothing was changed.')
    return findings.error(
      'pijul',
      `The Pijul repository cannot be opened: ${(error as Error).message}.`,
      'Put .pijul back from a backup, or clone it; contents are in objects/ all the same.',
    )
  }
  try {
    const tracked = await repository.tracked()
    const head = await repository.head()
    findings.ok(
      'pijul',
      `The Pijul repository opens: ${tracked.length} paths${head ? `, newest change ${head.hash.slice(0, 12)}` : ''}.`,
    )
    if (!checkArchive(findings, repository)) return
    const why = indexProblem(layout, head?.metadata.length ? head.hash : null)
    if (rebuildAll) {
      const count = await rebuildIndex(layout.index, changesOf(repository))
      SearchDatabase.remove(layout.search)
      const texts = 'texts become searchable again behind your back'
      findings.ok('index', `The history index was made anew from ${count} changes; ${texts}.`)
    } else if (why === null) findings.ok('index', 'The history index is that of the newest change.')
    else if (fix)
      findings.note(
        'index',
        `${why}; it was made anew from ${await rebuildIndex(layout.index, changesOf(repository))} changes.`,
      )
    else findings.warning('index', `${why}.`, 'Nothing is lost: "ize doctor --fix" makes it anew.')
    if (why === null || fix || rebuildAll) await checkContents(findings, layout, repository, fix)
    await checkSeals(findings, layout, repository, fix)
    if (why === null || fix || rebuildAll) await checkFiles(findings, layout, fix)
  } finally {
    await repository.close()
  }
}

/** False: changes that were folded cannot be read, and what follows from them is left alone. */
function checkArchive(findings: Findings, channel: Channel): boolean {
  const changes = channel.foldedChanges
  if (changes === 0) return true
  try {
    channel.checkArchive()
    findings.ok('archive', `${changes} changes were folded into one; the archive has them.`)
    return true
  } catch (error) {
    if (!(error instanceof IzeError)) throw error
    findings.error('archive', error.message, 'Nothing was changed; what is in history can still be read.')
    return false
  }
}

/** Null when the index ends with the newest change. */
function indexProblem({ index }: ProjectLayout, head: string | null): string | null {
  if (!existsSync(index)) return 'The history index is missing'
  try {
    const opened = HistoryIndex.open(index)
    const last = opened.last()?.hash ?? null
    opened.close()
    return last === head ? null : 'The history index does not end with the newest change'
  } catch (error) {
    if (!(error instanceof IzeError)) throw error
    return error.message.replace(/\.$/, '')
  }
}
