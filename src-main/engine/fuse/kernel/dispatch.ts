import { seekContent } from '../../namespace/content.ts'
import type { Inode } from '../../namespace/inode.ts'
import { HEADROOM } from '../../oplog/oplog-writer.ts'
import * as native from '../../sys/native.ts'
import { removeXattr, setAttributes, setXattr, type AttributeChange } from '../attributes.ts'
import * as data from '../data.ts'
import { ENAMETOOLONG, ENODATA, ENOENT, ENOSYS, EOPNOTSUPP, ERANGE, ESTALE } from '../errno.ts'
import { link, make, NAME_MAX, remove, rename, type Making } from '../names.ts'
import type { Volume } from '../volume.ts'
import { DirectoryReader } from './directory.ts'
import {
  ANY_ATTRIBUTE,
  FATTR,
  FOPEN_KEEP_CACHE,
  MAX_WRITE,
  OP,
  OPEN_KILL_SUIDGID,
  OUT_HEADER,
  WANTED_FLAGS,
  WRITE_KILL_SUIDGID,
} from './protocol.ts'
import type { Reply } from './reply.ts'
import type { Request } from './request.ts'

/** What the dispatcher needs of the thread around it. */
export interface Surroundings {
  /** Answers an fsync once the log is on the disk. */
  sync(reply: Reply): void
  /** Answers a write that is in the log, with the `payload` bytes that stand in the reply. */
  written(reply: Reply, payload: number): void
  /** Forgets a parked request; true when there was one. */
  interrupt(uniqueLow: number, uniqueHigh: number): boolean
  /** Descriptor in the file system that holds the project, and how many bytes of it are the log's reserve. */
  readonly statfsFd: number
  readonly reserveBytes: number
}

/** Turns requests of the kernel into operations on the volume, and their results into replies. */
export class Dispatcher {
  private readonly directories: DirectoryReader
  private readonly fsFacts = new Float64Array(9)

  constructor(
    private readonly volume: Volume,
    private readonly request: Request,
    private readonly reply: Reply,
    private readonly around: Surroundings,
  ) {
    this.directories = new DirectoryReader(volume.space, reply)
  }

  /** Answers the parsed request. */
  answer(): void {
    const { request: q, reply, volume } = this
    const space = volume.space
    switch (q.opcode) {
      case OP.FORGET:
        return this.forget(q.nodeid, q.u64(0))
      case OP.BATCH_FORGET:
        for (let i = 0, at = 8; i < q.u32(0); i++, at += 16) this.forget(q.u64(at), q.u64(at + 8))
        return
      case OP.INTERRUPT:
        this.around.interrupt(q.u32(0), q.u32(4))
        return
      case OP.INIT:
        return this.init()
      case OP.DESTROY:
        return reply.status(0)
      case OP.STATFS:
        return this.statfs()
      case OP.OPENDIR:
      case OP.FLUSH:
        return reply.status(-ENOSYS)
      case OP.FSYNC:
      case OP.FSYNCDIR:
        return this.around.sync(reply)
    }
    const inode = space.inodes.get(q.nodeid)
    if (!inode) return reply.status(-ESTALE)
    switch (q.opcode) {
      case OP.LOOKUP: {
        const name = q.name(0)
        if (name.length > NAME_MAX) return reply.status(-ENAMETOOLONG)
        const found = space.lookup(inode, name)
        return found ? reply.entry(found) : reply.noEntry()
      }
      case OP.GETATTR:
        return reply.attributes(inode)
      case OP.SETATTR:
        return this.setattr(inode)
      case OP.READLINK: {
        const length = reply.bytes.write(space.target(inode), OUT_HEADER, 'latin1')
        return reply.send(length)
      }
      case OP.SYMLINK: {
        const name = q.name(0)
        return this.made(inode, name, { type: 'symlink', mode: 0o120777, target: q.name(name.length + 1) })
      }
      case OP.MKNOD: {
        const mode = q.u32(0)
        const making: Making =
          (mode & 0o170000) === 0o100000 ? { type: 'create', mode } : { type: 'mknod', mode, rdev: q.u32(4) }
        return this.made(inode, q.name(16), making)
      }
      case OP.MKDIR:
        return this.made(inode, q.name(8), { type: 'mkdir', mode: 0o040000 | (q.u32(0) & 0o7777) })
      case OP.UNLINK:
        return reply.status(remove(volume, inode, q.name(0), false, q))
      case OP.RMDIR:
        return reply.status(remove(volume, inode, q.name(0), true, q))
      case OP.RENAME:
        return this.rename(inode, 8, 0)
      case OP.RENAME2:
        return this.rename(inode, 16, q.u32(8))
      case OP.LINK: {
        const existing = space.inodes.get(q.u64(0))
        if (!existing) return reply.status(-ESTALE)
        const done = link(volume, existing, inode, q.name(8), q)
        return done < 0 ? reply.status(done) : reply.entry(existing)
      }
      case OP.OPEN: {
        const done = data.open(volume, inode, q.u32(0), (q.u32(4) & OPEN_KILL_SUIDGID) !== 0, q)
        if (done < 0) return reply.status(done)
        reply.putOpen(OUT_HEADER, FOPEN_KEEP_CACHE)
        return reply.send(16)
      }
      case OP.CREATE:
        return this.create(inode)
      case OP.READ: {
        const got = data.read(volume, inode, q.u64(8), Math.min(q.u32(16), MAX_WRITE), reply.bytes, OUT_HEADER)
        return got < 0 ? reply.status(got) : reply.send(got)
      }
      case OP.WRITE: {
        const kill = (q.u32(20) & WRITE_KILL_SUIDGID) !== 0
        const done = data.write(volume, inode, q.u64(8), q.bytes, HEADROOM, q.u32(16), kill, q)
        if (done < 0) return reply.status(done)
        reply.put32(4, done)
        reply.put32(5, 0)
        return this.around.written(reply, 8)
      }
      case OP.RELEASE:
        data.release(volume, inode, q.u32(8), q.pid)
        return reply.status(0)
      case OP.READDIR:
        return this.directories.read(inode, q.u64(8), Math.min(q.u32(16), MAX_WRITE), false)
      case OP.READDIRPLUS:
        return this.directories.read(inode, q.u64(8), Math.min(q.u32(16), MAX_WRITE), true)
      case OP.SETXATTR: {
        const name = q.name(8)
        const value = q.rest(8 + name.length + 1).subarray(0, q.u32(0))
        return reply.status(setXattr(volume, inode, name, value, q.u32(4), q))
      }
      case OP.GETXATTR: {
        const value = space.xattrs(inode).get(q.name(8))
        if (q.name(8).startsWith('system.')) return reply.status(-EOPNOTSUPP)
        return value ? this.sized(value, q.u32(0)) : reply.status(-ENODATA)
      }
      case OP.LISTXATTR: {
        const names = [...space.xattrs(inode).keys()].map((name) => `${name}\0`).join('')
        return this.sized(Buffer.from(names, 'latin1'), q.u32(0))
      }
      case OP.REMOVEXATTR:
        return reply.status(removeXattr(volume, inode, q.name(0), q))
      case OP.FALLOCATE:
        return reply.status(data.allocate(volume, inode, q.u32(24), q.u64(8), q.u64(16), q))
      case OP.LSEEK: {
        const found = seekContent(inode, q.u64(8), q.u32(16), space.tree)
        if (found < 0) return reply.status(found)
        reply.put64(4, found)
        return reply.send(8)
      }
      default:
        return reply.status(-ENOSYS)
    }
  }

  private init(): void {
    const { request: q, reply } = this
    reply.bytes.fill(0, OUT_HEADER, OUT_HEADER + 64)
    const word = OUT_HEADER / 4
    reply.put32(word, 7)
    reply.put32(word + 1, Math.min(q.u32(4), 31))
    reply.put32(word + 2, Math.min(q.u32(8), MAX_WRITE))
    reply.put32(word + 3, q.u32(12) & WANTED_FLAGS)
    reply.put32(word + 4, (48 << 16) | 64)
    reply.put32(word + 5, MAX_WRITE)
    reply.put32(word + 6, 1)
    reply.put32(word + 7, MAX_WRITE / 4096)
    reply.send(64)
  }

  private made(parent: Inode, name: string, what: Making): void {
    const inode = make(this.volume, parent, name, what, this.request)
    if (typeof inode === 'number') return this.reply.status(inode)
    if (what.type === 'create') {
      // Made without being opened: it is complete as it is.
      inode.unclosed = true
      data.markClosed(this.volume, inode, this.request.pid)
    }
    this.reply.entry(inode)
  }

  private create(parent: Inode): void {
    const { request: q, reply, volume } = this
    const name = q.name(16)
    let inode: Inode | number | null = volume.space.lookup(parent, name)
    inode ??= make(volume, parent, name, { type: 'create', mode: 0o100000 | (q.u32(4) & 0o7777) }, q)
    if (typeof inode === 'number') return reply.status(inode)
    const done = data.open(volume, inode, q.u32(0) & ~0o1000, false, q)
    if (done < 0) return reply.status(done)
    // An empty new file is a version too.
    inode.unclosed = true
    reply.putEntry(OUT_HEADER, inode)
    reply.putOpen(OUT_HEADER + 128, FOPEN_KEEP_CACHE)
    reply.send(144)
  }

  private rename(parent: Inode, names: number, flags: number): void {
    const { request: q, reply, volume } = this
    const toParent = volume.space.inodes.get(q.u64(0))
    if (!toParent) return reply.status(-ENOENT)
    const name = q.name(names)
    reply.status(rename(volume, parent, name, toParent, q.name(names + name.length + 1), flags, q))
  }

  private setattr(inode: Inode): void {
    const { request: q, reply, volume } = this
    const valid = q.u32(0)
    const now = volume.time()
    const kill = (valid & FATTR.KILL_SUIDGID) !== 0
    if ((valid & FATTR.SIZE) !== 0) {
      const done = data.truncate(volume, inode, q.u64(16), kill, q)
      if (done < 0) return reply.status(done)
    }
    const change: { -readonly [K in keyof AttributeChange]: AttributeChange[K] } = {}
    if (valid & FATTR.MODE) change.mode = q.u32(68)
    if (valid & FATTR.UID) change.uid = q.u32(76)
    if (valid & FATTR.GID) change.gid = q.u32(80)
    if (valid & FATTR.ATIME) change.atime = valid & FATTR.ATIME_NOW ? now : { sec: q.i64(32), nsec: q.u32(56) }
    // With a new size the kernel names the time of it, which truncating has set already.
    if (valid & FATTR.MTIME && !(valid & FATTR.SIZE && valid & FATTR.MTIME_NOW)) {
      change.mtime = valid & FATTR.MTIME_NOW ? now : { sec: q.i64(40), nsec: q.u32(60) }
    }
    // A chown that names neither owner nor group still takes setuid and the like away.
    if ((valid & ANY_ATTRIBUTE) === 0) change.uid = inode.uid
    if (Object.keys(change).length > 0) {
      const done = setAttributes(volume, inode, change, q)
      if (done < 0) return reply.status(done)
    }
    reply.attributes(inode)
  }

  /** A value whose length is asked for first (size 0). */
  private sized(value: Buffer, size: number): void {
    if (size === 0) {
      this.reply.put32(4, value.length)
      this.reply.put32(5, 0)
      return this.reply.send(8)
    }
    if (value.length > size) return this.reply.status(-ERANGE)
    value.copy(this.reply.bytes, OUT_HEADER)
    this.reply.send(value.length)
  }

  private statfs(): void {
    const facts = this.fsFacts
    const done = native.statFs(this.around.statfsFd, facts)
    if (done < 0) return this.reply.status(done)
    const [, blocks, free, available, files, filesFree, , fragment] = [...facts] as number[]
    const reserve = Math.ceil(this.around.reserveBytes / (fragment || 4096))
    const word = OUT_HEADER / 4
    const { reply } = this
    reply.bytes.fill(0, OUT_HEADER, OUT_HEADER + 80)
    reply.put64(word, blocks ?? 0)
    reply.put64(word + 2, Math.max(0, (free ?? 0) - reserve))
    reply.put64(word + 4, Math.max(0, (available ?? 0) - reserve))
    reply.put64(word + 6, files ?? 0)
    reply.put64(word + 8, filesFree ?? 0)
    reply.put32(word + 10, facts[0] as number)
    reply.put32(word + 11, 255)
    reply.put32(word + 12, fragment ?? 4096)
    reply.send(80)
  }

  private forget(nodeid: number, count: number): void {
    const inode = this.volume.space.inodes.get(nodeid)
    if (!inode || nodeid === 1) return
    inode.lookups = Math.max(0, inode.lookups - count)
    this.volume.space.evict(inode)
  }
}
