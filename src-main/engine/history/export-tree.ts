import { constants } from 'node:fs'
import { assertNever } from '../assert-never.ts'
import { IzeError } from '../ize-error.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { check, errno } from '../sys/errno.ts'
import * as native from '../sys/native.ts'
import { openBelow } from '../sys/open-path.ts'
import { AT_REMOVEDIR, removeContents } from './remove-contents.ts'
import { exportFailure } from './export-failure.ts'
import { directoryOf, nameOf } from './paths.ts'
import type { TreeEntry } from './tree-walk.ts'
import type { VersionState } from './version-state.ts'

export interface ExportProgress {
  readonly files: number
  readonly bytes: number
}

export interface ExportResult extends ExportProgress {
  readonly directories: number
  /** What could not be written as it was (latin1 path, and why), such as a device by an ordinary user. */
  readonly incomplete: readonly { readonly path: string; readonly why: string }[]
}

export interface ExportOptions {
  /** Absolute; made when missing, else empty. The caller has made sure that it is not below a mount of Ize. */
  readonly folder: string
  readonly signal: AbortSignal
  readonly progress: (done: ExportProgress) => void
}

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_DIRECTORY } = constants
/** The name that means the descriptor itself. */
const ITSELF = ''
const { EPERM, EOPNOTSUPP } = errno

/**
 * Writes a tree as history knows it into an empty folder: contents, modes, times, owners (as root), extended
 * attributes, links and special files. Names that were one file are one file again. All of it or, when it fails or is
 * cancelled, nothing. Errors: E_EXPORT_TARGET, E_EXPORT, E_SPACE, E_CANCELLED, those of the object store.
 */
export async function exportTree(
  store: ObjectStore,
  entries: Iterable<TreeEntry>,
  { folder, signal, progress }: ExportOptions,
): Promise<ExportResult> {
  const { fd, made } = openTarget(folder)
  try {
    const writer = new TreeWriter(store, fd)
    try {
      for (const entry of entries) {
        if (signal.aborted) throw new IzeError('E_CANCELLED', 'The export was cancelled; nothing of it is left behind.')
        await writer.write(entry)
        progress(writer.done)
      }
      writer.finish()
      return writer.result()
    } finally {
      writer.close()
    }
  } catch (error) {
    removeContents(fd)
    if (made) native.unlinkAt(native.AT_FDCWD, bytesOf(folder), AT_REMOVEDIR)
    throw error
  } finally {
    native.closeFd(fd)
  }
}

function openTarget(folder: string): { fd: number; made: boolean } {
  const name = bytesOf(folder)
  const made = native.mkdirAt(native.AT_FDCWD, name, 0o777) === 0
  const fd = native.openAt(native.AT_FDCWD, name, O_RDONLY | O_DIRECTORY, 0)
  if (fd < 0) {
    const message = `${folder} cannot be exported to: it is not a folder that can be opened or made.`
    throw new IzeError('E_EXPORT_TARGET', message)
  }
  const listing = native.listDirectory(fd)
  if (typeof listing === 'number' || listing.names.length > 0) {
    native.closeFd(fd)
    const message = `${folder} cannot be exported to: it is not empty. Name a new or an empty folder.`
    throw new IzeError('E_EXPORT_TARGET', message)
  }
  return { fd, made }
}

class TreeWriter {
  private files = 0
  private bytes = 0
  private readonly asRoot = process.geteuid?.() === 0
  private readonly incomplete: { path: string; why: string }[] = []
  /** Folders get their modes and times last: writing into them needs the one and changes the other. */
  private readonly directories: TreeEntry[] = []
  /** Where a file's inode was first written, and with which content. */
  private readonly first = new Map<number, { readonly path: string; readonly object: string }>()
  private parent: { readonly path: string; readonly fd: number }

  constructor(
    private readonly store: ObjectStore,
    private readonly root: number,
  ) {
    this.parent = { path: '', fd: native.dupFd(root) }
  }

  get done(): ExportProgress {
    return { files: this.files, bytes: this.bytes }
  }

  async write(entry: TreeEntry): Promise<void> {
    const { path, state } = entry
    try {
      const parent = this.open(directoryOf(path))
      if (state.type === 'directory') {
        check(native.mkdirAt(parent, nameOf(path), 0o700), `mkdir ${path}`)
        this.directories.push(entry)
        return
      }
      this.files++
      switch (state.type) {
        case 'file':
          return await this.file(parent, path, state)
        case 'symlink':
          check(native.symlinkAt(state.target ?? '', parent, nameOf(path)), `symlink ${path}`)
          return this.attributes(parent, nameOf(path), path, state)
        case 'special':
          return this.special(parent, path, state)
        default:
          return assertNever(state.type, 'type of file')
      }
    } catch (error) {
      throw exportFailure(error, path)
    }
  }

  finish(): void {
    for (const { path, state } of this.directories.reverse()) {
      const fd = this.open(path)
      try {
        this.attributes(fd, ITSELF, path, state)
      } catch (error) {
        throw exportFailure(error, path)
      }
    }
  }

  result(): ExportResult {
    return { ...this.done, directories: this.directories.length, incomplete: this.incomplete }
  }

  close(): void {
    native.closeFd(this.parent.fd)
  }

  private async file(parent: number, path: string, state: VersionState): Promise<void> {
    const { object, ino } = state
    if (object === undefined) throw new IzeError('E_EXPORT', 'its content is not known')
    if (this.store.isForgotten(object)) {
      this.files--
      this.incomplete.push({ path, why: 'its content was forgotten' })
      return
    }
    const first = this.first.get(ino)
    if (first?.object === object) return this.link(first.path, parent, path)
    const fd = check(native.openAt(parent, nameOf(path), O_WRONLY | O_CREAT | O_EXCL, 0o600), `create ${path}`)
    try {
      this.bytes += await this.store.copyTo(object, fd)
      this.attributes(fd, ITSELF, path, state)
    } finally {
      native.closeFd(fd)
    }
    this.first.set(ino, { path, object })
  }

  private link(from: string, parent: number, path: string): void {
    const fd = check(openBelow(this.root, directoryOf(from), O_RDONLY | O_DIRECTORY), `open ${from}`)
    try {
      check(native.linkAt(fd, nameOf(from), parent, nameOf(path)), `link ${path}`)
    } finally {
      native.closeFd(fd)
    }
  }

  private special(parent: number, path: string, state: VersionState): void {
    const [type, device] = state.special ?? [0, 0]
    const made = native.mknodAt(parent, nameOf(path), type | 0o600, device)
    if (made === -EPERM) {
      this.incomplete.push({ path, why: 'only root can make a device' })
      return
    }
    check(made, `mknod ${path}`)
    this.attributes(parent, nameOf(path), path, state)
  }

  /** In this order: a new owner clears setuid bits and capabilities, and all of them but the last change the times. */
  private attributes(fd: number, name: string, path: string, state: VersionState): void {
    const { mode, uid, gid, mtime, xattrs } = state
    if (this.asRoot && uid !== undefined && gid !== undefined) {
      check(native.chownAt(fd, name, uid, gid), `chown ${path}`)
    }
    for (const [attribute, value] of Object.entries(xattrs ?? {})) {
      const set = native.setXattr(fd, name, attribute, Buffer.from(value, 'base64'), 0)
      if (set === -EPERM || set === -EOPNOTSUPP) {
        this.incomplete.push({ path, why: `the attribute ${attribute} cannot be set here` })
      } else check(set, `setxattr ${path}`)
    }
    if (state.type !== 'symlink') {
      check(native.chmodAt(fd, name, mode ?? (state.type === 'directory' ? 0o755 : 0o644)), `chmod ${path}`)
    }
    if (mtime) check(native.utimesAt(fd, name, ...mtime, ...mtime), `utimes ${path}`)
  }

  /** A descriptor of a folder that was written; the last one stays open, since most files lie beside one another. */
  private open(path: string): number {
    if (this.parent.path === path) return this.parent.fd
    const fd = check(openBelow(this.root, path, O_RDONLY | O_DIRECTORY), `open ${path}`)
    native.closeFd(this.parent.fd)
    this.parent = { path, fd }
    return fd
  }
}

function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1')
}
