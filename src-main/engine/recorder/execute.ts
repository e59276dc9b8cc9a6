import { constants } from 'node:fs'
import { decodeIdentity, IDENTITY_XATTR, type Identity } from '../namespace/identity.ts'
import { isHole } from '../namespace/extent-map.ts'
import { S_IFDIR, S_IFMT, S_IFREG } from '../namespace/inode.ts'
import type { Sidecar } from '../namespace/sidecar.ts'
import { IzeError } from '../ize-error.ts'
import * as native from '../sys/native.ts'
import type { LogBytes } from '../namespace/content.ts'
import type { Plan, PlanAttributes, PlanExtents, PlanStep } from './plan.ts'
import { UnsyncedNames } from './unsynced-names.ts'

const { O_RDONLY, O_RDWR, O_DIRECTORY, O_NOFOLLOW } = constants
const ENOENT = 2
const EEXIST = 17
const AT_REMOVEDIR = 0x200
const RENAME_NOREPLACE = 1
const PUNCH_KEEP = 3

type Of<D extends PlanStep['do']> = Extract<PlanStep, { do: D }>

/**
 * Runs a plan on working/. Each step looks whether its inode is where the step needs it and passes when it is not, so
 * that a plan that a crash interrupted is simply run again from its start. That a rename reaches the disk as a whole is
 * relied on, that names reach it in order is not (unsynced-names.ts).
 */
export class Executor {
  private readonly working: number
  private readonly tmp: number
  /** /dev/zero: zeros that are to take up room. */
  private readonly zeros: number
  private readonly directories = new Map<string, number>()
  private readonly names = new UnsyncedNames()
  private readonly stats = new Float64Array(15)
  private readonly identity = new Uint8Array(64)

  constructor(
    workingPath: string,
    tmpPath: string,
    private readonly sidecar: Sidecar,
    private readonly log: LogBytes,
  ) {
    this.working = openDirectory(workingPath)
    this.tmp = openDirectory(tmpPath)
    this.zeros = this.check(native.openAt(-100, '/dev/zero', O_RDONLY, 0), 'open', '/dev/zero')
  }

  /** `stepDone(n)`: the first n steps are done. Errors: E_SPACE, E_APPLY; then nothing is lost, it can be run again. */
  run(plan: Pick<Plan, 'steps'>, stepDone: (done: number) => void): void {
    let done = 0
    this.names.begin()
    for (const step of plan.steps) {
      if (this.directories.size > 512) this.forgetDirectories()
      this.step(step)
      stepDone(++done)
    }
    this.forgetDirectories()
    this.sidecar.sync()
  }

  /** Everything in working/ so far is on the disk when this returns. */
  sync(): void {
    this.check(native.syncFileSystem(this.working), 'sync', 'working/')
    this.names.synced()
  }

  close(): void {
    this.forgetDirectories()
    native.closeFd(this.working)
    native.closeFd(this.tmp)
    native.closeFd(this.zeros)
  }

  private step(step: PlanStep): void {
    switch (step.do) {
      case 'content':
        return this.content(step)
      case 'lift':
        return this.lift(step)
      case 'unlink':
        return this.unlink(step)
      case 'file':
      case 'directory':
      case 'special':
      case 'symlink':
        return this.birth(step)
      case 'place':
        return this.place(step)
      case 'link':
        return this.link(step)
      case 'attributes':
        return this.attributes(step)
    }
  }

  private content(step: Of<'content'>): void {
    const at = this.find(step)
    if (!at) return
    const fd = this.check(native.openAt(at.fd, at.name, O_RDWR | O_NOFOLLOW, 0), 'open', step.path)
    try {
      if (step.cut >= 0) {
        const size = native.seekFrom(fd, 0, 2)
        if (size > step.cut) this.check(native.truncateFd(fd, step.cut), 'cut', step.path)
      }
      const { extents } = step
      for (let i = 0; i < extents.length; i += 3) {
        const [offset, length, position] = [extents[i]!, extents[i + 1]!, extents[i + 2]!]
        if (isHole(position)) native.allocate(fd, PUNCH_KEEP, offset, length)
        else this.check(native.writeSegments(fd, offset, this.segment(position, length)), 'write', step.path)
      }
      this.check(native.truncateFd(fd, step.size), 'resize', step.path)
    } finally {
      native.closeFd(fd)
    }
  }

  private lift(step: Of<'lift'>): void {
    const at = this.find(step)
    if (!at) return
    const kind = (this.stats[0] as number) & S_IFMT
    this.check(native.renameAt2(at.fd, at.name, this.tmp, String(step.ino), 0), 'move', step.path)
    this.names.lifted()
    if (kind === S_IFDIR) this.forgetDirectories()
    else if (kind !== S_IFREG) this.sidecar.put(step.dir as never, at.name, null)
  }

  private unlink(step: Of<'unlink'>): void {
    const at = this.find(step)
    if (!at) return
    const kind = (this.stats[0] as number) & S_IFMT
    if (this.names.beforeUnlink(step.directory, this.stats[2] as number)) this.sync()
    this.check(native.unlinkAt(at.fd, at.name, step.directory ? AT_REMOVEDIR : 0), 'remove', step.path)
    if (step.directory) this.directories.delete(step.path)
    else if (kind !== S_IFREG) this.sidecar.put(step.dir as never, at.name, null)
  }

  private birth(step: Of<'file' | 'directory' | 'special' | 'symlink'>): void {
    if (this.find(step)) return
    const name = String(step.ino)
    const { attributes } = step
    this.names.born(step.ino, step.do === 'directory')
    if (step.do === 'file') {
      const [aSec, aNsec, mSec, mNsec] = attributes.times
      const names = Object.keys(attributes.xattrs ?? {})
      const values = names.map((key) => Buffer.from(attributes.xattrs?.[key] ?? '', 'base64'))
      const identity = Buffer.from(attributes.identity, 'base64')
      const made = native.materialize(
        this.tmp,
        name,
        this.segments(step.extents, step.size),
        step.size,
        workingMode(attributes.mode),
        this.uid(attributes),
        attributes.gid,
        names,
        values,
        identity,
        aSec,
        aNsec,
        mSec,
        mNsec,
      )
      this.check(made, 'make', step.path)
      return
    }
    const made =
      step.do === 'directory'
        ? native.mkdirAt(this.tmp, name, 0o700)
        : step.do === 'symlink'
          ? native.symlinkAt(step.target, this.tmp, name)
          : native.mknodAt(this.tmp, name, step.attributes.mode, step.rdev)
    if (made !== -EEXIST) this.check(made, 'make', step.path)
    this.setAttributes(this.tmp, name, attributes, step.path, step.do)
  }

  private place(step: Of<'place'>): void {
    if (this.find(step)) return
    if (this.names.beforePlace(step.ino)) this.sync()
    const { fd, name } = this.parent(step.path)
    // The table first: an entry without a file is harmless, a file without its entry would get a new number.
    if (step.identity) this.sidecar.put(step.dir as never, name, decode(step.identity))
    const done = native.renameAt2(this.tmp, String(step.ino), fd, name, RENAME_NOREPLACE)
    // A file system without RENAME_NOREPLACE: the plan has cleared the name before.
    const again = done === -22 ? native.renameAt2(this.tmp, String(step.ino), fd, name, 0) : done
    this.check(again, 'place', step.path)
    this.names.placed(step.ino)
  }

  private link(step: Of<'link'>): void {
    if (this.find(step)) return
    const from = this.parent(step.from)
    const to = this.parent(step.path)
    if (step.identity) this.sidecar.put(step.dir as never, to.name, decode(step.identity))
    this.check(native.linkAt(from.fd, from.name, to.fd, to.name), 'link', step.path)
    this.names.linked()
  }

  private attributes(step: Of<'attributes'>): void {
    if (step.path === '') {
      this.setAttributes(this.working, '', step.attributes, '', 'directory')
      return
    }
    const at = this.find(step)
    if (!at) return
    const kind = (this.stats[0] as number) & S_IFMT
    const what = kind === S_IFDIR ? 'directory' : kind === S_IFREG ? 'file' : 'symlink'
    if (what === 'symlink') this.sidecar.put(step.dir as never, at.name, decode(step.attributes.identity))
    this.setAttributes(
      at.fd,
      at.name,
      step.attributes,
      step.path,
      kind === 0o120000 || what !== 'symlink' ? what : 'special',
    )
  }

  private setAttributes(
    fd: number,
    name: string,
    attributes: PlanAttributes,
    path: string,
    what: PlanStep['do'],
  ): void {
    const { mode, times, xattrs } = attributes
    this.setOwner(fd, name, attributes, path)
    if (what === 'directory' || what === 'file') {
      this.check(native.setXattr(fd, name, IDENTITY_XATTR, Buffer.from(attributes.identity, 'base64'), 0), 'mark', path)
    }
    if (xattrs) this.setXattrs(fd, name, xattrs, path)
    if (what === 'directory') this.check(native.chmodAt(fd, name, (mode & 0o7777) | 0o700), 'change the mode of', path)
    else if (what === 'file') this.check(native.chmodAt(fd, name, workingMode(mode)), 'change the mode of', path)
    else if (what === 'special') this.check(native.chmodAt(fd, name, mode & 0o7777), 'change the mode of', path)
    this.check(native.utimesAt(fd, name, ...times), 'set the times of', path)
  }

  /** Only when it differs: a chown takes capabilities away. */
  private setOwner(fd: number, name: string, attributes: PlanAttributes, path: string): void {
    const uid = this.uid(attributes)
    this.check(native.statIdentity(fd, name, this.stats, this.identity), 'look at', path)
    if ((uid < 0 || uid === this.stats[3]) && attributes.gid === this.stats[4]) return
    this.check(native.chownAt(fd, name, uid, attributes.gid), 'change the owner of', path)
  }

  private setXattrs(fd: number, name: string, wanted: Readonly<Record<string, string>>, path: string): void {
    const held = native.listXattr(fd, name)
    for (const old of typeof held === 'number' ? [] : held) {
      if (old === IDENTITY_XATTR || old in wanted || old.startsWith('system.') || old === 'security.selinux') continue
      this.check(native.removeXattr(fd, name, old), 'change attributes of', path)
    }
    for (const [key, value] of Object.entries(wanted)) {
      this.check(native.setXattr(fd, name, key, Buffer.from(value, 'base64'), 0), 'change attributes of', path)
    }
  }

  /** The step's inode at the step's path; null when something else, or nothing, stands there. Fills `stats`. */
  private find(step: {
    readonly ino: number
    readonly dir: number
    readonly path: string
  }): { fd: number; name: string } | null {
    const at = this.tryParent(step.path)
    if (!at) return null
    const length = native.statIdentity(at.fd, at.name, this.stats, this.identity)
    if (length === -ENOENT) return null
    this.check(length, 'look at', step.path)
    const kind = (this.stats[0] as number) & S_IFMT
    const identity =
      kind === S_IFREG || kind === S_IFDIR
        ? decodeIdentity(this.identity, 0, length)
        : (this.sidecar.get(step.dir as never, at.name) ?? null)
    return identity?.ino === step.ino ? at : null
  }

  private parent(path: string): { fd: number; name: string } {
    const at = this.tryParent(path)
    if (!at) throw new IzeError('E_APPLY', `working/ has no directory for "${path}"; run "ize doctor".`)
    return at
  }

  private tryParent(path: string): { fd: number; name: string } | null {
    const slash = path.lastIndexOf('/')
    const fd = slash < 0 ? this.working : this.directory(path.slice(0, slash))
    return fd < 0 ? null : { fd, name: path.slice(slash + 1) }
  }

  private directory(path: string): number {
    const known = this.directories.get(path)
    if (known !== undefined) return known
    const slash = path.lastIndexOf('/')
    const above = slash < 0 ? this.working : this.directory(path.slice(0, slash))
    if (above < 0) return above
    const fd = native.openAt(above, path.slice(slash + 1), O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
    if (fd < 0) return fd
    this.directories.set(path, fd)
    return fd
  }

  private forgetDirectories(): void {
    for (const fd of this.directories.values()) native.closeFd(fd)
    this.directories.clear()
  }

  private segment(position: number, length: number): Float64Array {
    if (position < 0) return Float64Array.of(this.zeros, 0, length)
    const { fd, offset } = this.log.fdAt(position)
    return Float64Array.of(fd, offset, length)
  }

  /** A new file from its extents; what lies between them is zeros. */
  private segments(extents: PlanExtents, size: number): Float64Array {
    const out: number[] = []
    let at = 0
    for (let i = 0; i < extents.length; i += 3) {
      const [offset, length, position] = [extents[i]!, extents[i + 1]!, extents[i + 2]!]
      if (offset > at) out.push(-1, 0, offset - at)
      if (isHole(position)) out.push(-1, 0, length)
      else if (position < 0) out.push(this.zeros, 0, length)
      else {
        const place = this.log.fdAt(position)
        out.push(place.fd, place.offset, length)
      }
      at = offset + length
    }
    if (size > at) out.push(-1, 0, size - at)
    return Float64Array.from(out)
  }

  /** Only root can give files away; for others every file is their own. */
  private uid(attributes: PlanAttributes): number {
    return process.getuid?.() === 0 ? attributes.uid : -1
  }

  private check(result: number, what: string, path: string): number {
    if (result >= 0) return result
    const full = result === -28 || result === -122
    const message = full
      ? `The disk that holds the project is full: "${path}" could not be taken into working/. Make room; nothing is lost.`
      : `Could not ${what} "${path}" in working/ (errno ${-result}); run "ize doctor".`
    throw new IzeError(full ? 'E_SPACE' : 'E_APPLY', message, { errno: -result })
  }
}

/** working/ keeps every file readable and writable for its owner; the true mode stands in the identity. */
function workingMode(mode: number): number {
  return (mode & 0o7777) | 0o600
}

function decode(identity: string): Identity | null {
  const bytes = Buffer.from(identity, 'base64')
  return decodeIdentity(bytes, 0, bytes.length)
}

function openDirectory(path: string): number {
  const fd = native.openAt(-100, Buffer.from(path).toString('latin1'), O_RDONLY | O_DIRECTORY, 0)
  if (fd < 0) throw new IzeError('E_APPLY', `Could not open ${path} (errno ${-fd}).`)
  return fd
}
