import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { pijulPath } from '../../src-main/engine/recorder/pijul-names.ts'
import { Versioning } from '../../src-main/engine/project/ignore.ts'
import type { HistoryFile, PijulFile } from './twin-engine.ts'
import type { TreeFile } from './twin-tree.ts'

const S_IFMT = 0o170000
const S_IFDIR = 0o040000
const S_IFREG = 0o100000
const TEXT_LIMIT = 1_048_576

const isDirectory = (file: TreeFile): boolean => (file.mode & S_IFMT) === S_IFDIR
const isFile = (file: TreeFile): boolean => (file.mode & S_IFMT) === S_IFREG

/** What working/ says otherwise than the mount; its contents are those of the plain directory. Null: nothing. */
export function compareWorking(
  working: readonly TreeFile[],
  mount: readonly TreeFile[],
  plain: readonly TreeFile[],
): string | null {
  const ours = new Map(working.map((file) => [file.path, file]))
  const mounted = new Map(mount.map((file) => [file.path, file]))
  for (const other of plain) {
    const file = ours.get(other.path)
    ours.delete(other.path)
    if (!file) return `${show(other.path)} is not in working/`
    if (other.path === '') continue
    const extra = isDirectory(other) ? 0o700 : isFile(other) ? 0o600 : 0
    const xattrs = Object.fromEntries(Object.entries(file.xattrs).filter(([name]) => name !== 'user.ize'))
    const wanted = { ...pick(other), mode: other.mode | extra }
    const found = { ...pick(file), xattrs }
    // An ordinary user cannot read everything of the plain directory.
    if (other.content.startsWith('errno')) found.content = wanted.content
    const difference = differs(found, wanted)
    if (difference) return `${show(other.path)} in working/: ${difference}`
    const seen = mounted.get(other.path)
    if (seen && JSON.stringify(seen.mtime) !== JSON.stringify(file.mtime)) {
      return `${show(other.path)} in working/: mtime ${file.mtime.join('.')}, on the mount ${seen.mtime.join('.')}`
    }
  }
  for (const path of ours.keys()) return `${show(path)} is in working/ and nowhere else`
  return null
}

/** What history's newest tree says otherwise than the mount and the plain directory. */
export function compareHistory(
  history: readonly HistoryFile[],
  mount: readonly TreeFile[],
  plain: readonly TreeFile[],
): string | null {
  const ours = new Map(history.map((file) => [file.path, file]))
  const mounted = new Map(mount.map((file) => [file.path, file]))
  for (const other of versionedOf(plain)) {
    const file = ours.get(other.path)
    ours.delete(other.path)
    if (!file) return `${show(other.path)} is not in history`
    const seen = mounted.get(other.path)
    const wanted = {
      type: isDirectory(other) ? 'directory' : isFile(other) ? 'file' : other.target === null ? 'special' : 'symlink',
      mode: other.mode & 0o7777,
      uid: other.uid,
      gid: other.gid,
      target: other.target,
      xattrs: Object.fromEntries(
        Object.entries(other.xattrs).map(([k, v]) => [k, Buffer.from(v, 'latin1').toString('base64')]),
      ),
      content: isFile(other) ? other.content : '',
      mtime: isFile(other) && seen ? seen.mtime : file.mtime,
    }
    const { path: _, object: __, ...found } = file
    if (wanted.content.startsWith('errno')) wanted.content = found.content
    const difference = differs({ ...found, xattrs: sorted(found.xattrs) }, wanted)
    if (difference) return `${show(other.path)} in history: ${difference}`
  }
  for (const path of ours.keys()) return `${show(path)} is in history and nowhere else`
  return null
}

/** What Pijul says otherwise than the plain directory. */
export function comparePijul(pijul: readonly PijulFile[], plain: readonly TreeFile[], folder: string): string | null {
  const ours = new Map(pijul.map((file) => [file.path, file]))
  for (const other of versionedOf(plain)) {
    const path = pijulPath(other.path) + (isDirectory(other) ? '/' : '')
    const file = ours.get(path)
    ours.delete(path)
    if (!file) return `${show(path)} is not in Pijul`
    if (!isFile(other) || other.content.startsWith('errno')) continue
    const bytes = readFileSync(Buffer.from(`${folder}/${other.path}`, 'latin1'))
    const text = bytes.length <= TEXT_LIMIT && isUtf8(bytes) && !bytes.includes(0)
    if (text && file.content !== bytes.toString('latin1')) return `${show(path)} in Pijul has another content`
    if (!text && !file.content?.startsWith('This file stands for')) return `${show(path)} in Pijul is no pointer`
  }
  for (const path of ours.keys()) return `${show(path)} is in Pijul and nowhere else`
  return null
}

/** What changed of the mount although nobody did anything. */
export function compareStable(before: readonly TreeFile[], after: readonly TreeFile[]): string | null {
  const later = new Map(after.map((file) => [file.path, file]))
  for (const file of before) {
    const now = later.get(file.path)
    if (!now) return `${show(file.path)} is gone`
    const difference = differs(withoutXattrBlock(now, file), file)
    if (difference) return `${show(file.path)}: ${difference}`
    later.delete(file.path)
  }
  for (const path of later.keys()) return `${show(path)} has appeared`
  return null
}

/** One block of ext4, in units of st_blocks. */
const XATTR_BLOCKS = 8

/** With the identity beside them, attributes may fill a block of their own in working/, which counts as the file's. */
function withoutXattrBlock(now: TreeFile, before: TreeFile): TreeFile {
  const own = Object.keys(now.xattrs).length > 0 && Math.abs(now.blocks - before.blocks) === XATTR_BLOCKS
  return own ? { ...now, blocks: before.blocks } : now
}

function versionedOf(plain: readonly TreeFile[]): TreeFile[] {
  const versioning = new Versioning([], () => false)
  return plain.filter((file) => file.path !== '' && versioning.versioned(file.path, isDirectory(file)))
}

type Picked = {
  -readonly [K in 'mode' | 'uid' | 'gid' | 'nlink' | 'rdev' | 'size' | 'target' | 'content' | 'xattrs']: TreeFile[K]
}

function pick({ mode, uid, gid, nlink, rdev, size, target, content, xattrs }: TreeFile): Picked {
  return { mode, uid, gid, nlink, rdev, size, target, content, xattrs }
}

function differs(found: object, wanted: object): string | null {
  for (const [key, value] of Object.entries(wanted) as [string, unknown][]) {
    const other = (found as Record<string, unknown>)[key]
    if (JSON.stringify(other) !== JSON.stringify(value))
      return `${key} ${JSON.stringify(other)}, not ${JSON.stringify(value)}`
  }
  return null
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function show(path: string): string {
  return JSON.stringify(path)
}
