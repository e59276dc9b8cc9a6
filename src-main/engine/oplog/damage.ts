import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { isMarkerType } from './record-types.ts'
import { looksLikeRecords, scanSegment } from './segment-scan.ts'
import { decodeHeader, SEGMENT_HEADER, segmentName, type SegmentHeader } from './segment.ts'

/** What a scan of one segment's file found. */
export interface Scanned {
  readonly name: string
  readonly size: number
  /** Null when it is missing or unreadable. */
  readonly header: SegmentHeader | null
  /** Bytes from the start that are sound, header included. */
  readonly sound: number
  /** Last id and number of operations (not markers) of the sound part. */
  readonly lastId: number
  readonly operations: number
  /** First valid id behind the sound part; 0: none. */
  readonly nextId: number
  /** The highest position that any valid record behind the sound part knew to be on the disk. */
  readonly syncedBehind: number
  /** The same of all records. */
  readonly synced: number
}

export interface Damage {
  /** Of the segment in the list of scans. */
  readonly index: number
  readonly offset: number
  /** Global; -1 when even that is unknown. */
  readonly position: number
  readonly lastGoodId: number
  readonly nextGoodId: number
  readonly syncedBehind: number
}

export function scanFile(dir: string, name: string): Scanned {
  const fd = openSync(join(dir, name), 'r')
  try {
    const size = fstatSync(fd).size
    const bytes = Buffer.alloc(SEGMENT_HEADER)
    readSync(fd, bytes, 0, SEGMENT_HEADER, 0)
    const header = decodeHeader(bytes)
    if (header === null || segmentName(header.firstId) !== name) {
      const nextId = looksLikeRecords(fd, size) ? Number.parseInt(name, 16) : 0
      return { name, size, header: null, sound: 0, lastId: 0, operations: 0, nextId, syncedBehind: 0, synced: 0 }
    }
    return scanRecords(fd, name, size, header)
  } finally {
    closeSync(fd)
  }
}

/** Ids within a segment have no gaps, so a record that is missing, moved or repeated ends the sound part as well. */
function scanRecords(fd: number, name: string, size: number, header: SegmentHeader): Scanned {
  let sound = SEGMENT_HEADER
  let lastId = header.firstId - 1
  let operations = 0
  let nextId = 0
  let synced = 0
  let syncedBehind = 0
  for (const { offset, frame } of scanSegment(fd, size, header.nonce, header.firstId)) {
    synced = Math.max(synced, frame.synced)
    if (nextId === 0 && offset === sound && frame.id === lastId + 1) {
      sound += frame.length
      lastId = frame.id
      if (!isMarkerType(frame.type)) operations++
    } else {
      if (nextId === 0) nextId = frame.id
      syncedBehind = Math.max(syncedBehind, frame.synced)
    }
  }
  return { name, size, header, sound, lastId, operations, nextId, syncedBehind, synced }
}

/** The first place where the log is not one unbroken chain of records, or null. Segments are oldest first. */
export function findDamage(scans: readonly Scanned[]): Damage | null {
  let end = -1
  let lastId = 0
  for (const [index, scan] of scans.entries()) {
    const { header } = scan
    const behind = scans.slice(index + 1)
    const fromBehind = {
      nextGoodId:
        behind.find((s) => s.header !== null)?.header?.firstId ?? behind.find((s) => s.nextId > 0)?.nextId ?? 0,
      syncedBehind: Math.max(scan.syncedBehind, ...behind.map((s) => s.synced)),
    }
    if (header === null) {
      if (scan.size === 0 && behind.length === 0) return null
      return {
        index,
        offset: 0,
        position: end,
        lastGoodId: lastId,
        ...fromBehind,
        nextGoodId: scan.nextId || fromBehind.nextGoodId,
      }
    }
    if (end >= 0 && (header.startPosition !== end || header.firstId <= lastId)) {
      const before = scans[index - 1]
      return {
        index: index - 1,
        offset: before?.size ?? 0,
        position: end,
        lastGoodId: lastId,
        nextGoodId: header.firstId,
        syncedBehind: Math.max(scan.synced, fromBehind.syncedBehind),
      }
    }
    if (scan.sound < scan.size) {
      return {
        index,
        offset: scan.sound,
        position: header.startPosition + scan.sound,
        lastGoodId: Math.max(lastId, scan.lastId),
        ...fromBehind,
        nextGoodId: scan.nextId || fromBehind.nextGoodId,
      }
    }
    end = header.startPosition + scan.size
    lastId = Math.max(lastId, scan.lastId)
  }
  return null
}
