import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isUtf8 } from 'node:buffer'
import { FOREVER, openIndexForReading, ROOT } from '../../src-main/engine/history/index-schema.ts'
import { walkTree } from '../../src-main/engine/history/tree-walk.ts'
import { scanFile } from '../../src-main/engine/oplog/damage.ts'
import { segmentNames } from '../../src-main/engine/oplog/segment.ts'
import { StateFile } from '../../src-main/engine/oplog/state-file.ts'
import { OplogReader } from '../../src-main/engine/oplog/oplog-reader.ts'
import { isMarker } from '../../src-main/engine/oplog/operation.ts'
import { Versioning } from '../../src-main/engine/project/ignore.ts'
import { projectLayout } from '../../src-main/engine/project/layout.ts'
import { pijulPath } from '../../src-main/engine/recorder/pijul-names.ts'
import { ObjectStore } from '../../src-main/engine/store/object-store.ts'
import * as native from '../../src-main/engine/sys/native.ts'
import { z } from 'zod'
import type { HistoryFile } from './twin-engine.ts'
import { openRoot, readTree, type TreeFile } from './twin-tree.ts'

const TEXT_LIMIT = 1_048_576
const S_IFMT = 0o170000

export interface Waiting {
  /** Operations that working/ does not have. */
  readonly unapplied: number
  /** Operations that history does not have. */
  readonly unrecorded: number
}

/** What a dead engine's log holds beyond working/ and history. Changes nothing. */
export function waitingIn(root: string): Waiting {
  const layout = projectLayout(root)
  const state = new StateFile(layout.dirty)
  const { applied } = state.read()
  state.close()
  const recorded = lastRecorded(layout.index)
  let end = 0
  for (const name of segmentNames(layout.dirty)) {
    const { header, sound } = scanFile(layout.dirty, name)
    if (header) end = header.startPosition + sound
  }
  const reader = new OplogReader(layout.dirty)
  let unapplied = 0
  let unrecorded = 0
  try {
    for (const { op } of reader.recordsAfter(0, end)) {
      if (isMarker(op)) continue
      if (op.id > applied) unapplied++
      if (op.id > recorded) unrecorded++
    }
  } finally {
    reader.close()
  }
  return { unapplied, unrecorded }
}

function lastRecorded(index: string): number {
  const sqlite = openIndexForReading(index)
  try {
    return (
      z.object({ last: z.number().nullable() }).parse(sqlite.get('SELECT max(last_op) AS last FROM change')).last ?? 0
    )
  } finally {
    sqlite.close()
  }
}

/** History's newest tree. */
export function readHistory(root: string): HistoryFile[] {
  const layout = projectLayout(root)
  const sqlite = openIndexForReading(layout.index)
  const objects = ObjectStore.open(layout.objects)
  try {
    return [...walkTree(sqlite, ROOT, FOREVER - 1)].map(({ path, state }) => ({
      path,
      type: state.type,
      mode: state.mode ?? -1,
      uid: state.uid ?? -1,
      gid: state.gid ?? -1,
      mtime: state.mtime ?? [0, 0],
      target: state.target ?? null,
      xattrs: state.xattrs ?? {},
      object: state.object ?? null,
      content: state.object === undefined ? '' : sha1(objects.read(state.object, 1 << 30)),
    }))
  } finally {
    objects.close()
    sqlite.close()
  }
}

const versionRow = z.object({ path: z.string(), number: z.number(), state: z.string() })

/** SHA-1 of every version of the file that is at a path now, oldest first. */
export function versionsOf(root: string, path: string): string[] {
  const layout = projectLayout(root)
  const sqlite = openIndexForReading(layout.index)
  const objects = ObjectStore.open(layout.objects)
  try {
    return sqlite
      .all('SELECT path, number, state FROM version WHERE path = ? ORDER BY id', path)
      .map((row) => versionRow.parse(row))
      .map(({ state }) => {
        const { object } = z.object({ object: z.string() }).parse(JSON.parse(state))
        return sha1(objects.read(object, 1 << 30))
      })
  } finally {
    objects.close()
    sqlite.close()
  }
}

/** What a clone by the stock `pijul` has otherwise than the plain directory. */
export function compareClone(root: string, plain: readonly TreeFile[], folder: string): string | null {
  const pijul = process.env['IZE_PIJUL']
  if (pijul === undefined || !existsSync(pijul)) throw new Error('IZE_PIJUL does not name the stock pijul.')
  const place = mkdtempSync(join(tmpdir(), 'ize-clone-'))
  try {
    execFileSync(pijul, ['clone', root, join(place, 'clone')], {
      cwd: place,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, HOME: place, XDG_CONFIG_HOME: join(place, 'config') },
    })
    const clone = openRoot(join(place, 'clone'))
    try {
      return compareWithClone(readTree(clone), plain, folder, join(place, 'clone'))
    } finally {
      native.closeFd(clone)
    }
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

function compareWithClone(
  clone: readonly TreeFile[],
  plain: readonly TreeFile[],
  folder: string,
  cloned: string,
): string | null {
  const ours = new Map(
    clone.filter(({ path }) => path !== '.pijul' && !path.startsWith('.pijul/')).map((f) => [f.path, f]),
  )
  ours.delete('')
  // Made by the clone itself.
  if (!plain.some(({ path }) => path === '.ignore')) ours.delete('.ignore')
  const versioning = new Versioning([], () => false)
  for (const other of plain) {
    const directory = (other.mode & S_IFMT) === 0o040000
    if (other.path === '' || !versioning.versioned(other.path, directory)) continue
    const path = Buffer.from(pijulPath(other.path)).toString('latin1')
    const file = ours.get(path)
    ours.delete(path)
    if (!file) return `${JSON.stringify(path)} is not in the clone`
    if (directory || (other.mode & S_IFMT) !== 0o100000) continue
    const bytes = readFileSync(Buffer.from(join(folder, other.path), 'latin1'))
    const text = bytes.length <= TEXT_LIMIT && isUtf8(bytes) && !bytes.includes(0)
    if (text && file.content !== other.content) return `${JSON.stringify(path)} has another content in the clone`
    const held = text ? '' : readFileSync(Buffer.from(join(cloned, path), 'latin1'), 'latin1')
    if (!text && !held.startsWith('This file stands for')) return `${JSON.stringify(path)} is no pointer in the clone`
  }
  for (const path of ours.keys()) return `${JSON.stringify(path)} is in the clone and nowhere else`
  return null
}

export function sha1(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex')
}
