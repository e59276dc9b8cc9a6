/**
 * Opening the operation log after whatever ended the last run.
 *
 *     openLog(dir: string, options?: { boot?: string, acceptLoss?: boolean }): RecoveredLog
 *     interface RecoveredLog { segments: LogSegment[], firstId, lastId, endPosition, operations, bytes, report: LogFinding[] }
 *     interface LogFinding { kind, file, offset, position, what, lastGoodId, nextGoodId, keptIn }
 *
 * lastId and endPosition are 0 for an empty log; the next id is the caller's: 1 + the highest of lastId, state and history.
 * Errors: E_LOG_DAMAGED with the LogFinding as data; E_LOG_VERSION. See openLog for what is cut and what is refused.
 */
import { closeSync, ftruncateSync, fsyncSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { IzeError } from '../ize-error.ts'
import { currentBoot } from './boot.ts'
import { findDamage, scanFile, type Damage, type Scanned } from './damage.ts'
import { keepCopy, keepTail, moveAside, syncDirectory } from './damaged-store.ts'
import { SEGMENT_HEADER, segmentNames, type LogSegment } from './segment.ts'

export interface RecoveredLog {
  readonly segments: readonly LogSegment[]
  /** 0: the log is empty. */
  readonly firstId: number
  readonly lastId: number
  readonly endPosition: number
  /** Markers do not count. */
  readonly operations: number
  readonly bytes: number
  /** What was cut, if anything. */
  readonly report: readonly LogFinding[]
}

export interface LogFinding {
  /** `torn`: an unfinished end. `unsynced`: lost with the machine's power. `damaged`: anything else. */
  readonly kind: 'torn' | 'unsynced' | 'damaged'
  readonly file: string
  readonly offset: number
  /** Global; -1 when the first segment's header is unreadable. */
  readonly position: number
  /** For people: where, and which operations. */
  readonly what: string
  /** Last operation before the damage; 0: none. */
  readonly lastGoodId: number
  /** First operation behind it of which something is left; 0: none. */
  readonly nextGoodId: number
  /** Where the bytes were kept, below dirty/; null: there were none, or the disk is full. */
  readonly keptIn: string | null
}

export interface OpenLogOptions {
  /** Which run of the machine this is (boot.ts). */
  readonly boot?: string
  /** Cuts at damage that is otherwise refused, and keeps what is behind it aside. A person has to say so. */
  readonly acceptLoss?: boolean
}

/**
 * Scans every record of every segment and makes the log sound, or refuses.
 *
 * - A bad end with nothing valid behind it is torn: cut, the bytes kept in damaged/.
 * - A last segment without a record is removed.
 * - Damage with valid records behind it is what a power loss leaves if the machine was restarted since and none of those
 *   records knew the damaged place to be on the disk: cut, all that is behind kept in damaged/, reported.
 * - Any other damage is refused: a copy goes to damaged/, the log stays as it is.
 */
export function openLog(dir: string, options: OpenLogOptions = {}): RecoveredLog {
  let scans = segmentNames(dir).map((name) => scanFile(dir, name))
  const report: LogFinding[] = []
  const damage = findDamage(scans)
  if (damage !== null) {
    const finding = describe(scans, damage, options.boot ?? currentBoot())
    if (finding.kind === 'damaged' && options.acceptLoss !== true) throw refuse(dir, finding)
    report.push({ ...finding, keptIn: cut(dir, scans, damage, finding) })
    scans = segmentNames(dir).map((name) => scanFile(dir, name))
  }
  let last = scans.at(-1)
  while (last !== undefined && last.sound <= SEGMENT_HEADER) {
    rmSync(join(dir, last.name))
    scans.pop()
    last = scans.at(-1)
  }
  const segments = scans.map(asSegment)
  return {
    segments,
    firstId: segments[0]?.firstId ?? 0,
    lastId: last?.lastId ?? 0,
    endPosition: last === undefined ? 0 : asSegment(last).startPosition + last.size,
    operations: segments.reduce((sum, s) => sum + s.operations, 0),
    bytes: segments.reduce((sum, s) => sum + s.length, 0),
    report,
  }
}

function asSegment(scan: Scanned): LogSegment {
  const { header } = scan
  if (header === null) throw new Error(`Segment ${scan.name} has no header after recovery`)
  return {
    name: scan.name,
    firstId: header.firstId,
    startPosition: header.startPosition,
    length: scan.size,
    nonce: header.nonce,
    operations: scan.operations,
  }
}

function describe(scans: readonly Scanned[], damage: Damage, boot: string): LogFinding {
  const { offset, position, lastGoodId, nextGoodId } = damage
  const file = scans[damage.index]?.name ?? ''
  const kind = nextGoodId === 0 ? 'torn' : lostWithPower(scans, damage, boot) ? 'unsynced' : 'damaged'
  const after = lastGoodId === 0 ? 'before the first readable operation' : `after operation ${lastGoodId}`
  const what = {
    torn: `The operation log ended in an unfinished record at byte ${offset} of ${file}, ${after}; it was cut there.`,
    unsynced: `The machine went down before all of the operation log was on the disk: what came ${after} (byte ${offset} of ${file}) was lost and the log was cut there.`,
    damaged: `The operation log is damaged at byte ${offset} of ${file}, ${after}; operations from ${nextGoodId} on stand behind the damage.`,
  }[kind]
  return { kind, file, offset, position, what, lastGoodId, nextGoodId, keptIn: null }
}

/** Only a restart of the machine can lose what was written, and only what no later record knew to be on the disk. */
function lostWithPower(scans: readonly Scanned[], damage: Damage, boot: string): boolean {
  const restarted = scans
    .slice(damage.index)
    .every((s) => (s.header === null ? s.nextId === 0 : s.header.boot !== '' && s.header.boot !== boot))
  return boot !== '' && restarted && damage.position >= damage.syncedBehind
}

function refuse(dir: string, finding: LogFinding): IzeError {
  let keptIn: string | null = null
  try {
    keptIn = keepCopy(dir, finding.file, finding.what)
  } catch {
    // The segment itself stays where it is, so a copy that cannot be made loses nothing.
  }
  return new IzeError('E_LOG_DAMAGED', `${finding.what} Nothing was changed; run "ize doctor".`, {
    dir,
    ...finding,
    keptIn,
  })
}

/**
 * Write order: first the bytes aside and synced, then the segments behind go aside, newest first, last the truncation.
 * A crash in between finds the same damage again, with less behind it. A torn end that cannot be kept for lack of space
 * is cut all the same: it was never answered for, and a full disk must not keep the project shut.
 */
function cut(dir: string, scans: readonly Scanned[], damage: Damage, finding: LogFinding): string | null {
  const { file, what } = finding
  let keptIn: string | null = null
  try {
    keptIn = keepTail(dir, file, damage.offset <= SEGMENT_HEADER ? 0 : damage.offset, what)
  } catch (error) {
    if (finding.kind !== 'torn' || (error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
  for (const behind of scans.slice(damage.index + 1).toReversed()) moveAside(dir, behind.name, what)
  if (damage.offset <= SEGMENT_HEADER) rmSync(join(dir, file))
  else truncate(join(dir, file), damage.offset)
  syncDirectory(dir)
  return keptIn
}

function truncate(path: string, length: number): void {
  const fd = openSync(path, 'r+')
  try {
    ftruncateSync(fd, length)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
