import { closeSync, ftruncateSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { IzeError } from '../ize-error.ts'
import type { Inode } from '../namespace/inode.ts'
import { HEADROOM } from '../oplog/oplog-writer.ts'
import type { RestoreStep } from '../project/session.ts'
import { ObjectStore } from '../store/object-store.ts'
import { errnoName } from '../sys/errno.ts'
import { ENOSPC, ENOTEMPTY } from './errno.ts'
import { removeXattr, setAttributes, setXattr } from './attributes.ts'
import { markClosed, write } from './data.ts'
import { make, remove, rename } from './names.ts'
import { ReadAhead } from './read-ahead.ts'
import type { Caller, Volume } from './volume.ts'

const PIECE = 1024 * 1024
type Of<K extends RestoreStep['kind']> = Extract<RestoreStep, { kind: K }>
type FileStep = Of<'file' | 'bytes'>

/** A content outside of the log: a file without a name. */
interface Scratch {
  readonly fd: number
  readonly size: number
}

/**
 * Puts versions back into a project that is not mounted: the same operations a program would do (write beside, rename
 * over, then the times), straight into the log. Each file appears whole or not at all, in the order of the steps; contents
 * are read ahead. Errors: E_RESTORE, E_SPACE.
 */
export async function restoreInto(
  volume: Volume,
  objects: string,
  tmp: string,
  steps: readonly RestoreStep[],
): Promise<void> {
  const caller: Caller = { pid: process.pid, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  const store = ObjectStore.open(objects)
  const contents = new ReadAhead(
    steps.filter((step) => isFile(step)),
    (step) => readOut(step, store, join(tmp, `restore-${process.pid}`)),
    (step) => (step.kind === 'file' ? store.size(step.object) : 0),
  )
  const restorer = new Restorer(volume, caller, contents)
  try {
    for (const step of steps) {
      await restorer.step(step).catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'ENOSPC' || error.code === 'EDQUOT' ? refused(step.path, -ENOSPC) : error
      })
    }
    // Times of directories last: what was put into them changed them.
    for (const step of [...steps].reverse()) if (step.kind === 'directory') restorer.times(step)
  } finally {
    for await (const scratch of contents.rest()) discard(scratch)
    store.close()
  }
}

function isFile(step: RestoreStep): step is FileStep {
  return step.kind === 'file' || step.kind === 'bytes'
}

async function readOut(step: FileStep, store: ObjectStore, name: string): Promise<Scratch> {
  const fd = openSync(name, 'w+', 0o600)
  rmSync(name)
  try {
    if (step.kind === 'file') return { fd, size: await store.copyTo(step.object, fd) }
    const content = Buffer.from(step.content, 'base64')
    writeFileSync(fd, content)
    return { fd, size: content.length }
  } catch (error) {
    discard({ fd })
    throw error
  }
}

function discard({ fd }: Pick<Scratch, 'fd'>): void {
  ftruncateSync(fd, 0)
  closeSync(fd)
}

class Restorer {
  private serial = 0
  private readonly buffer = Buffer.alloc(HEADROOM + PIECE)

  constructor(
    private readonly volume: Volume,
    private readonly caller: Caller,
    private readonly contents: ReadAhead<FileStep, Scratch>,
  ) {}

  async step(step: RestoreStep): Promise<void> {
    switch (step.kind) {
      case 'remove':
        return this.removeOne(step.path)
      case 'directory':
        return this.directory(step)
      case 'file':
      case 'bytes':
        return this.file(step)
      case 'symlink':
        return this.replace(step.path, (parent, name) =>
          make(this.volume, parent, name, { type: 'symlink', mode: 0o120777, target: step.target }, this.caller),
        )
      case 'special':
        return this.replace(step.path, (parent, name) =>
          make(this.volume, parent, name, { type: 'mknod', mode: step.mode, rdev: step.rdev }, this.caller),
        )
    }
  }

  times(step: Of<'directory'> | FileStep): void {
    const inode = this.volume.space.resolve(step.path)
    if (!inode) return
    const mtime = { sec: step.mtime[0], nsec: step.mtime[1] }
    this.check(setAttributes(this.volume, inode, { atime: mtime, mtime }, this.caller), step.path)
  }

  private directory(step: Of<'directory'>): void {
    const there = this.volume.space.resolve(step.path)
    if (there && !there.isDirectory) this.removeOne(step.path)
    const inode = there?.isDirectory ? there : this.makeDirectory(step.path, step.mode)
    this.attributes(inode, step)
  }

  /** Written under a name beside it, then renamed over: a reader sees the old file or the new one. */
  private async file(step: FileStep): Promise<void> {
    const scratch = await this.contents.take()
    const { fd, size } = scratch
    try {
      this.replace(step.path, (parent, name) => {
        const inode = make(this.volume, parent, name, { type: 'create', mode: 0o100600 }, this.caller)
        if (typeof inode === 'number') return inode
        inode.writers++
        for (let at = 0; at < size;) {
          const got = readSync(fd, this.buffer, HEADROOM, PIECE, at)
          if (got === 0) break
          this.check(write(this.volume, inode, at, this.buffer, HEADROOM, got, false, this.caller), step.path)
          at += got
        }
        inode.writers--
        inode.unclosed = true
        this.attributes(inode, step)
        markClosed(this.volume, inode, this.caller.pid)
        return inode
      })
      this.times(step)
    } finally {
      discard(scratch)
    }
  }

  private attributes(inode: Inode, step: Of<'directory'> | FileStep): void {
    this.check(
      setAttributes(this.volume, inode, { uid: step.uid, gid: step.gid, mode: step.mode & 0o7777 }, this.caller),
      step.path,
    )
    for (const name of this.volume.space.xattrs(inode).keys()) {
      if (!(name in step.xattrs)) this.check(removeXattr(this.volume, inode, name, this.caller), step.path)
    }
    for (const [name, value] of Object.entries(step.xattrs)) {
      this.check(setXattr(this.volume, inode, name, Buffer.from(value, 'base64'), 0, this.caller), step.path)
    }
  }

  /** Makes the new inode beside `path`, then renames it over what stands there (an empty directory is removed first). */
  private replace(path: string, build: (parent: Inode, name: string) => Inode | number): void {
    const { parent, name } = this.parentOf(path)
    const there = this.volume.space.lookup(parent, name)
    if (there?.isDirectory) this.removeOne(path)
    const beside = `.ize-restore-${process.pid}-${this.serial++}`
    const made = build(parent, beside)
    if (typeof made === 'number') return this.check(made, path)
    this.check(rename(this.volume, parent, beside, parent, name, 0, this.caller), path)
  }

  /** A folder that still holds something (which has no history: its only copy is here) stays. */
  private removeOne(path: string): void {
    const inode = this.volume.space.resolve(path)
    if (!inode) return
    const { parent, name } = this.parentOf(path)
    const done = remove(this.volume, parent, name, inode.isDirectory, this.caller)
    if (done !== -ENOTEMPTY) this.check(done, path)
  }

  private parentOf(path: string): { parent: Inode; name: string } {
    const slash = path.lastIndexOf('/')
    const above = slash < 0 ? '' : path.slice(0, slash)
    const found = this.volume.space.resolve(above)
    if (found && !found.isDirectory) throw refused(above, 'a file stands where its folder was')
    return { parent: found ?? this.makeDirectory(above, 0o755), name: path.slice(slash + 1) }
  }

  private makeDirectory(path: string, mode: number): Inode {
    const { parent, name } = this.parentOf(path)
    const what = { type: 'mkdir', mode: 0o040000 | (mode & 0o7777) } as const
    const inode = make(this.volume, parent, name, what, this.caller)
    if (typeof inode === 'number') throw refused(path, inode)
    return inode
  }

  private check(result: number, path: string): void {
    if (result < 0) throw refused(path, result)
  }
}

/** `why`: in words, or as a negative errno. */
function refused(path: string, why: string | number): IzeError {
  const full = why === -ENOSPC
  const reason = full ? 'the disk is full. Make room, then try again' : typeof why === 'number' ? errnoName(why) : why
  return new IzeError(
    full ? 'E_SPACE' : 'E_RESTORE',
    `Could not put back "${path}": ${reason}. What was put back before it stays, as new versions.`,
  )
}
