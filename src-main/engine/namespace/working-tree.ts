import { constants } from 'node:fs'
import type { Ino } from '../oplog/operation.ts'
import { IzeError } from '../ize-error.ts'
import * as native from '../sys/native.ts'
import { decodeIdentity, encodeIdentity, identityNumber, IDENTITY_XATTR, type Identity } from './identity.ts'
import { Inode, S_IFDIR, S_IFMT, S_IFREG } from './inode.ts'
import type { Sidecar } from './sidecar.ts'

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants
const ENOENT = 2
const EOPNOTSUPP = 95
const MAX_CACHED = 2048
/** How long a base may be in flux (between two published steps of the applier) before it counts as missing. */
const FLUX_MS = 2000

/** What working/ says of one entry; `stats` in the order of native `statIdentity`. */
export interface BaseEntry {
  readonly identity: Identity
  readonly stats: Float64Array
}

/**
 * Reads `working/` through descriptors, so that no path is too long, and checks by `user.ize` that what it found is
 * the inode it looked for. The applier may move it meanwhile: on a mismatch `follow` is asked to take in the steps
 * published since, and the look-up is done again.
 */
export class WorkingTree {
  private readonly cached = new Set<Inode>()
  private readonly stats = new Float64Array(15)
  private readonly identityBytes = new Uint8Array(64)
  /** Where the applier keeps what is on its way: the base directory of an inode that is being moved. */
  readonly tmp = new Inode(0 as Ino, S_IFDIR)

  constructor(
    private readonly root: Inode,
    workingPath: string,
    tmpPath: string,
    private readonly sidecar: Sidecar,
    private readonly allocateIno: () => Ino,
    private readonly follow: () => void,
  ) {
    this.root.baseFd = openDirectory(workingPath)
    this.tmp.baseFd = openDirectory(tmpPath)
  }

  /** Descriptor of the directory's base; -1 when it has none. Owned by the cache. */
  directory(inode: Inode): number {
    if (inode.baseFd >= 0) return inode.baseFd
    return this.open(inode, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  }

  /** Descriptor of the file's base; -1 when it has none. Owned by the cache. */
  file(inode: Inode): number {
    if (inode.baseFd >= 0) return inode.baseFd
    return this.open(inode, O_RDONLY | O_NOFOLLOW)
  }

  /** The entry `name` of a directory's base, or null. */
  entry(directory: Inode, name: string): BaseEntry | null {
    const fd = this.directory(directory)
    if (fd < 0) return null
    const length = native.statIdentity(fd, name, this.stats, this.identityBytes)
    if (length === -ENOENT) return null
    if (length < 0) throw failed('look up', name, length)
    return this.toEntry(directory, name, this.stats, this.identityBytes, 0, length)
  }

  rootEntry(): BaseEntry {
    const length = native.statIdentity(this.root.baseFd, '', this.stats, this.identityBytes)
    if (length < 0) throw failed('look up', '', length)
    return this.toEntry(this.root, '', this.stats, this.identityBytes, 0, length)
  }

  /** Names in the directory's base. */
  names(directory: Inode): string[] {
    const fd = this.directory(directory)
    if (fd < 0) return []
    const listing = native.listDirectory(fd)
    if (typeof listing === 'number') throw failed('list', directory.path(), listing)
    return listing.names
  }

  /** Names in the directory's base with the number of what they stand for. */
  *inodesOf(
    directory: Inode,
  ): Generator<{ readonly name: string; readonly ino: number; readonly isDirectory: boolean }> {
    const fd = this.directory(directory)
    if (fd < 0) return
    const listing = native.listDirectory(fd)
    if (typeof listing === 'number') throw failed('list', directory.path(), listing)
    const { names, stats, identities, identityLengths } = listing
    for (const [i, name] of names.entries()) {
      const kind = (stats[i * native.STAT_WORDS] as number) & S_IFMT
      const carried = kind === S_IFREG || kind === S_IFDIR
      const ino = carried
        ? identityNumber(identities, i * native.IDENTITY_BYTES, identityLengths[i] as number)
        : (this.sidecar.get(directory.ino, name)?.ino ?? 0)
      yield { name, ino, isDirectory: kind === S_IFDIR }
    }
  }

  /** Everything in the directory's base. */
  entries(directory: Inode): Map<string, BaseEntry> {
    const found = new Map<string, BaseEntry>()
    const fd = this.directory(directory)
    if (fd < 0) return found
    const listing = native.listDirectory(fd)
    if (typeof listing === 'number') throw failed('list', directory.path(), listing)
    const { names, stats, identities, identityLengths } = listing
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string
      const own = stats.subarray(i * 15, i * 15 + 15)
      found.set(name, this.toEntry(directory, name, own, identities, i * 64, identityLengths[i] as number))
    }
    return found
  }

  readlink(inode: Inode): string {
    const target = this.atBase(inode, (fd, name) => native.readlinkAt(fd, name))
    if (typeof target === 'number') throw failed('read the link', inode.path(), target)
    return target
  }

  /** Extended attributes of the base that programs see. */
  xattrs(inode: Inode): Map<string, Buffer> {
    if (inode.baseDir === null && inode.baseFd < 0) return new Map()
    const values = inode.baseFd >= 0 ? readXattrs(inode.baseFd, '') : this.atBase(inode, readXattrs)
    if (typeof values === 'number') throw failed('read the attributes of', inode.path(), values)
    return values
  }

  /** Closes the cached descriptor of an inode's base. */
  release(inode: Inode): void {
    if (inode.baseFd < 0 || inode === this.root || inode === this.tmp) return
    this.cached.delete(inode)
    native.closeFd(inode.baseFd)
    inode.baseFd = -1
  }

  close(): void {
    for (const inode of [...this.cached]) this.release(inode)
    native.closeFd(this.root.baseFd)
    native.closeFd(this.tmp.baseFd)
  }

  private open(inode: Inode, flags: number): number {
    for (const flux = new Flux(); ; flux.rest(inode)) {
      if (inode.baseDir === null) return -1
      const above = this.directory(inode.baseDir)
      const fd = above < 0 ? -ENOENT : native.openAt(above, inode.baseName, flags, 0)
      if (fd >= 0) {
        const length = native.statIdentity(fd, '', this.stats, this.identityBytes)
        if (decodeIdentity(this.identityBytes, 0, Math.max(0, length))?.ino === inode.ino) {
          this.keep(inode, fd)
          return fd
        }
        native.closeFd(fd)
      } else if (fd !== -ENOENT && fd !== -20 && fd !== -40) {
        throw failed('open', inode.baseName, fd)
      }
      this.follow()
    }
  }

  /**
   * Asks about a base by its name. The applier publishes that an inode has left a name before it puts another one there:
   * an answer counts when, after it, the base is still said to be at that name.
   */
  private atBase<T>(inode: Inode, ask: (fd: number, name: string) => T | number): T | number {
    for (const flux = new Flux(); ; flux.rest(inode)) {
      const { baseDir, baseName } = inode
      const fd = baseDir === null ? -1 : this.directory(baseDir)
      const answer = fd < 0 ? -ENOENT : ask(fd, baseName)
      this.follow()
      if (answer !== -ENOENT && inode.baseDir === baseDir && inode.baseName === baseName) return answer
    }
  }

  private keep(inode: Inode, fd: number): void {
    inode.baseFd = fd
    this.cached.add(inode)
    if (this.cached.size <= MAX_CACHED) return
    for (const old of this.cached) {
      // A file without a name can be read through its descriptor only.
      if (old === inode || !old.isNamed || old.opens > 0) continue
      this.release(old)
      if (this.cached.size <= MAX_CACHED / 2) return
    }
  }

  private toEntry(
    directory: Inode,
    name: string,
    stats: Float64Array,
    bytes: Uint8Array,
    offset: number,
    length: number,
  ): BaseEntry {
    const mode = stats[0] as number
    const kind = mode & S_IFMT
    const identity =
      kind === S_IFREG || kind === S_IFDIR
        ? decodeIdentity(bytes, offset, length)
        : (this.sidecar.get(directory.ino, name) ?? null)
    return { identity: identity ?? this.adopt(directory, name, stats), stats: stats.slice() }
  }

  /** Something came into working/ without Ize: it gets a number, so that it is served like everything else. */
  private adopt(directory: Inode, name: string, stats: Float64Array): Identity {
    const identity: Identity = {
      ino: name === '' ? directory.ino : this.allocateIno(),
      mode: (stats[0] as number) & 0o7777,
      sparse: false,
      ctimeSec: stats[12] as number,
      ctimeNsec: stats[13] as number,
      btimeSec: stats[12] as number,
      btimeNsec: stats[13] as number,
      applied: 0,
    }
    const kind = (stats[0] as number) & S_IFMT
    if (kind === S_IFREG || kind === S_IFDIR) {
      native.setXattr(directory.baseFd, name, IDENTITY_XATTR, encodeIdentity(identity), 0)
    } else {
      this.sidecar.keep(directory.ino, name, identity)
    }
    return identity
  }
}

/** Waits for a base that is not where it is said to be. */
class Flux {
  private deadline = 0

  rest(inode: Inode): void {
    if (this.deadline === 0) this.deadline = Date.now() + FLUX_MS
    else if (Date.now() > this.deadline) throw failed('find', `inode ${inode.ino} (${inode.baseName})`, -ENOENT)
    else Atomics.wait(PAUSE, 0, 0, 1)
  }
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4))

/** Or -errno; a file system without such attributes has none. */
function readXattrs(fd: number, at: string): Map<string, Buffer> | number {
  const values = new Map<string, Buffer>()
  const names = native.listXattr(fd, at)
  if (names === -EOPNOTSUPP) return values
  if (typeof names === 'number') return names
  for (const name of names) {
    if (name === IDENTITY_XATTR || name.startsWith('system.')) continue
    const value = native.getXattr(fd, at, name)
    if (typeof value !== 'number') values.set(name, value)
  }
  return values
}

function openDirectory(path: string): number {
  const fd = native.openAt(-100, Buffer.from(path).toString('latin1'), O_RDONLY | O_DIRECTORY, 0)
  if (fd < 0) throw failed('open', path, fd)
  return fd
}

function failed(what: string, name: string, errno: number): IzeError {
  return new IzeError('E_WORKING', `Ize could not ${what} "${name}" in working/ (errno ${-errno}); run "ize doctor".`, {
    errno: -errno,
  })
}
