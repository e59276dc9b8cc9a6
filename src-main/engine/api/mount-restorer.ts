import { constants, writeFileSync } from 'node:fs'
import { pathToText } from '../../../src-preload/path-text.ts'
import { assertNever } from '../assert-never.ts'
import { IzeError } from '../ize-error.ts'
import { CACHE_TAG, CACHE_TAG_BYTES, isCacheTag, Versioning } from '../project/ignore.ts'
import type { RestoreStep } from '../project/session.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { errnoName } from '../sys/errno.ts'
import * as native from '../sys/native.ts'
import { openBelow } from '../sys/open-path.ts'

const { O_RDONLY, O_DIRECTORY, O_CREAT, O_EXCL, O_WRONLY, S_IFMT, S_IFDIR } = constants
const AT_REMOVEDIR = 0x200
const ENOENT = 2
type Of<K extends RestoreStep['kind']> = Extract<RestoreStep, { kind: K }>
type Place = { readonly directory: number; readonly name: string }

/**
 * Does restore steps below a mounted root by ordinary system calls. A file, link or special file is made under a name
 * beside its own and renamed over it, so that a reader sees the old one or the new one, whole. What has no history is
 * never removed. Steps for files may be begun before those before them are through: only contents are waited for, and all
 * else of a step is done where it stands in the order. Errors: E_RESTORE.
 */
export class MountRestorer {
  private readonly directories: Of<'directory'>[] = []
  private readonly versioning: Versioning
  private serial = 0

  constructor(
    private readonly root: number,
    private readonly objects: ObjectStore,
    unversioned: readonly string[],
  ) {
    this.versioning = new Versioning(unversioned, (directory) => this.hasCacheTag(directory))
  }

  async step(step: RestoreStep): Promise<void> {
    switch (step.kind) {
      case 'remove':
        return this.at(step.path, (place) => this.remove(step.path, place))
      case 'directory':
        return this.directory(step)
      case 'file':
      case 'bytes':
        return this.file(step)
      case 'symlink':
        return this.replace(step, ({ directory, name }) => native.symlinkAt(step.target, directory, name))
      case 'special':
        return this.replace(step, ({ directory, name }) => native.mknodAt(directory, name, step.mode, step.rdev))
      default:
        return assertNever(step, 'restore step')
    }
  }

  /** Modes and times of directories, innermost first: what was put into them needed the one and changed the other. */
  finish(): void {
    for (const step of this.directories.reverse()) {
      const fd = this.check(openBelow(this.root, step.path, O_RDONLY | O_DIRECTORY), step.path)
      try {
        this.attributes(step, { directory: fd, name: '' })
      } finally {
        native.closeFd(fd)
      }
    }
  }

  private directory(step: Of<'directory'>): void {
    if (step.path !== '') {
      this.at(step.path, (place) => {
        const mode = this.modeOf(place)
        if (mode !== null && (mode & S_IFMT) === S_IFDIR) return
        if (mode !== null) this.check(native.unlinkAt(place.directory, place.name, 0), step.path)
        this.check(native.mkdirAt(place.directory, place.name, 0o700), step.path)
      })
    }
    this.directories.push(step)
  }

  private async file(step: Of<'file' | 'bytes'>): Promise<void> {
    const place = this.parent(step.path)
    const beside = { directory: place.directory, name: this.besideName() }
    try {
      const fd = this.check(native.openAt(beside.directory, beside.name, O_CREAT | O_EXCL | O_WRONLY, 0o600), step.path)
      try {
        await this.copy(step, fd)
        this.attributes(step, { directory: fd, name: '' })
      } finally {
        this.check(native.closeFd(fd), step.path)
      }
      this.moveOver(step.path, beside, place)
    } catch (error) {
      native.unlinkAt(beside.directory, beside.name, 0)
      throw error
    } finally {
      native.closeFd(place.directory)
    }
  }

  private async copy(step: Of<'file' | 'bytes'>, fd: number): Promise<void> {
    try {
      if (step.kind === 'bytes') writeFileSync(fd, Buffer.from(step.content, 'base64'))
      else await this.objects.copyTo(step.object, fd)
    } catch (error) {
      // The store names its own damage; the rest is what a write through the mount may answer.
      if (error instanceof IzeError) throw error
      throw refused(step.path, error instanceof Error && 'code' in error ? String(error.code) : String(error))
    }
  }

  private replace(step: Of<'symlink' | 'special'>, make: (beside: Place) => number): void {
    this.at(step.path, (place) => {
      const beside = { directory: place.directory, name: this.besideName() }
      this.check(make(beside), step.path)
      try {
        this.own(step, beside)
        if (step.kind === 'special')
          this.check(native.chmodAt(beside.directory, beside.name, step.mode & 0o7777), step.path)
        this.times(step, beside)
        this.moveOver(step.path, beside, place)
      } catch (error) {
        native.unlinkAt(beside.directory, beside.name, 0)
        throw error
      }
    })
  }

  private moveOver(path: string, beside: Place, place: Place): void {
    const mode = this.modeOf(place)
    if (mode !== null && (mode & S_IFMT) === S_IFDIR) {
      this.remove(path, place)
      if (this.modeOf(place) !== null) throw refused(path, 'a folder stands there with files that have no history')
    }
    this.check(native.renameAt2(beside.directory, beside.name, place.directory, place.name, 0), path)
  }

  /** Removes what has a history; a directory that holds something else stays, with that. Absent already: fine. */
  private remove(path: string, place: Place): void {
    const mode = this.modeOf(place)
    if (mode === null) return
    const isDirectory = (mode & S_IFMT) === S_IFDIR
    if (!this.versioning.versioned(path, isDirectory)) return
    if (!isDirectory) return void this.check(native.unlinkAt(place.directory, place.name, 0), path)
    const fd = this.check(
      native.openAt(place.directory, place.name, O_RDONLY | O_DIRECTORY | constants.O_NOFOLLOW, 0),
      path,
    )
    let left: number
    try {
      for (const name of this.names(fd, path)) this.remove(`${path}/${name}`, { directory: fd, name })
      left = this.names(fd, path).length
    } finally {
      native.closeFd(fd)
    }
    if (left === 0) this.check(native.unlinkAt(place.directory, place.name, AT_REMOVEDIR), path)
  }

  private names(fd: number, path: string): readonly string[] {
    const listing = native.listDirectory(fd)
    if (typeof listing === 'number') throw refused(path, errnoName(listing))
    return listing.names
  }

  private attributes(step: Of<'file' | 'bytes' | 'directory'>, place: Place): void {
    this.own(step, place)
    const there = native.listXattr(place.directory, place.name)
    for (const name of typeof there === 'number' ? [] : there) {
      if (!(name in step.xattrs)) native.removeXattr(place.directory, place.name, name)
    }
    for (const [name, value] of Object.entries(step.xattrs)) {
      this.check(native.setXattr(place.directory, place.name, name, Buffer.from(value, 'base64'), 0), step.path)
    }
    this.check(native.chmodAt(place.directory, place.name, step.mode & 0o7777), step.path)
    this.times(step, place)
  }

  /** Only root may give files away; for anyone else the owner stays who restores, as cp -p has it. */
  private own(step: Exclude<RestoreStep, Of<'remove'>>, { directory, name }: Place): void {
    if (process.geteuid?.() === 0) this.check(native.chownAt(directory, name, step.uid, step.gid), step.path)
  }

  private times({ path, mtime: [sec, nsec] }: Exclude<RestoreStep, Of<'remove'>>, { directory, name }: Place): void {
    this.check(native.utimesAt(directory, name, sec, nsec, sec, nsec), path)
  }

  private modeOf({ directory, name }: Place): number | null {
    const stats = new Float64Array(native.STAT_WORDS)
    const result = native.statIdentity(directory, name, stats, new Uint8Array(native.IDENTITY_BYTES))
    if (result === -ENOENT) return null
    this.check(result, name)
    return stats[0] ?? 0
  }

  private at(path: string, work: (place: Place) => void): void {
    const place = this.parent(path)
    try {
      work(place)
    } finally {
      native.closeFd(place.directory)
    }
  }

  /** Opens the directory of a path, made with its own parents when it is gone. */
  private parent(path: string): Place {
    const slash = path.lastIndexOf('/')
    const above = slash === -1 ? '' : path.slice(0, slash)
    let directory = openBelow(this.root, above, O_RDONLY | O_DIRECTORY)
    if (directory === -ENOENT && above !== '') {
      this.at(above, (place) => this.check(native.mkdirAt(place.directory, place.name, 0o755), above))
      directory = openBelow(this.root, above, O_RDONLY | O_DIRECTORY)
    }
    return { directory: this.check(directory, above), name: path.slice(slash + 1) }
  }

  private besideName(): string {
    return `.ize-restore-${process.pid}-${this.serial++}`
  }

  private hasCacheTag(directory: string): boolean {
    const fd = openBelow(this.root, `${directory}/${CACHE_TAG}`, O_RDONLY)
    if (fd < 0) return false
    const start = Buffer.alloc(CACHE_TAG_BYTES)
    const length = native.readAt(fd, start, 0, CACHE_TAG_BYTES, 0)
    native.closeFd(fd)
    return length > 0 && isCacheTag(start.subarray(0, length))
  }

  private check(result: number, path: string): number {
    if (result < 0) throw refused(path, errnoName(result))
    return result
  }
}

function refused(path: string, why: string): IzeError {
  const text = pathToText(path)
  const full = why === 'ENOSPC' || why === 'EDQUOT'
  const reason = full ? ': the disk is full. Make room, then try again' : ` (${why})`
  return new IzeError(full ? 'E_SPACE' : 'E_RESTORE', `"${text}" could not be put back${reason}.`, { path: text })
}
