import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { Operation } from '../../../src-main/engine/oplog/operation.ts'
import { OplogReader } from '../../../src-main/engine/oplog/oplog-reader.ts'
import { HEADROOM, OplogWriter } from '../../../src-main/engine/oplog/oplog-writer.ts'
import { openLog, type OpenLogOptions, type RecoveredLog } from '../../../src-main/engine/oplog/recovery.ts'
import type { Step } from './operations.ts'

const made: string[] = []

afterEach(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true })
})

export function newFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'ize-oplog-'))
  made.push(dir)
  return dir
}

export function copyOf(dir: string): string {
  const copy = newFolder()
  cpSync(dir, copy, { recursive: true })
  return copy
}

/** Opens the log as the mount thread does. */
export function openWriter(
  dir: string,
  options: OpenLogOptions & { segmentBytes?: number } = {},
): { writer: OplogWriter; found: RecoveredLog } {
  const found = openLog(dir, options)
  const writer = OplogWriter.open(dir, {
    segments: found.segments,
    nextId: found.lastId + 1,
    startPosition: found.endPosition,
    ...(options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes }),
  })
  return { writer, found }
}

/** Appends as the mount does: data behind HEADROOM free bytes. */
export function append(writer: OplogWriter, step: Step): number {
  const buffer = Buffer.alloc(HEADROOM + step.data.length)
  buffer.set(step.data, HEADROOM)
  return writer.append(step.op, buffer, HEADROOM, step.data.length)
}

/** What a log holds, in the shape of what was appended. */
export interface Kept {
  readonly op: Operation
  readonly data: Buffer
}

export function readAll(dir: string, found: RecoveredLog = openLog(dir)): Kept[] {
  const first = found.segments[0]
  const reader = new OplogReader(dir)
  try {
    return first === undefined ? [] : readBetween(reader, first.startPosition, found.endPosition)
  } finally {
    reader.close()
  }
}

export function readBetween(reader: OplogReader, from: number, to: number): Kept[] {
  const kept: Kept[] = []
  for (const { op, dataPosition, end } of reader.records(from, to, { verify: true })) {
    const data = Buffer.alloc(end - dataPosition)
    if (data.length > 0 && reader.read(dataPosition, data, 0, data.length) !== data.length) {
      throw new Error(`Short data of operation ${op.id}`)
    }
    kept.push({ op, data })
  }
  return kept
}

export function expected(steps: readonly Step[], firstId = 1): Kept[] {
  return steps.map(({ op, data }, index) => ({
    op: { ...op, id: firstId + index } as Operation,
    data: Buffer.from(data),
  }))
}

/** A log of these steps, closed. */
export function logOf(steps: readonly Step[], segmentBytes?: number): string {
  const dir = newFolder()
  const { writer } = openWriter(dir, segmentBytes === undefined ? {} : { segmentBytes })
  for (const step of steps) append(writer, step)
  writer.close()
  return dir
}

export function change(file: string, edit: (bytes: Buffer) => Buffer | void): void {
  const bytes = readFileSync(file)
  writeFileSync(file, edit(bytes) ?? bytes)
}
