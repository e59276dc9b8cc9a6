import { constants } from 'node:fs'
import { HEADROOM } from '../../oplog/oplog-writer.ts'
import { removeXattr, setAttributes, setXattr, type AttributeChange } from '../attributes.ts'
import * as data from '../data.ts'
import { EILSEQ, EIO, ENODATA, EOPNOTSUPP } from '../errno.ts'
import type { Growing } from '../growth.ts'
import { link, make, remove, rename, type Making } from '../names.ts'
import type { Caller, Volume } from '../volume.ts'
import { entryStat, fileStat, spaceStat, timeOf } from './file-stat.ts'
import type { Answer } from './fuse-native.ts'
import type { KnownFiles } from './known-files.ts'
import type { Outcome, Requests } from './requests.ts'
import { bytesToText, textToBytes } from './text-name.ts'

const { O_RDWR, S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } = constants
const PERMISSIONS = 0o7777
/** More than libfuse 2 ever sends at once. */
const WRITE_ROOM = 1024 * 1024
/** chown(2): leave as it is. */
const KEEP_ID = 0xffff_ffff

export interface OperationsOptions {
  readonly volume: Volume
  readonly files: KnownFiles
  readonly requests: Requests
  /** Brings the log to the disk; false when that failed. */
  readonly sync: () => Promise<boolean>
}

export type Operations = ReturnType<typeof operationsOn>

/**
 * The path-based operations of libfuse 2 on a volume, as fuse-native calls them. Those that are missing do what libfuse
 * or the kernel does without them: access and flush nothing, fgetattr what getattr does.
 */
export function operationsOn({ volume, files, requests, sync }: OperationsOptions) {
  const { space } = volume
  // fuse-native does not say who asks. No other user may enter the mount, and the program stays unknown.
  const caller: Caller = { pid: 0, uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 }
  const scratch = Buffer.alloc(HEADROOM + WRITE_ROOM)

  const bind =
    (effect: Growing) =>
    <A extends readonly unknown[]>(name: string, work: (...args: A) => Outcome) =>
    (...all: [...args: A, answer: Answer]): void => {
      const answer = all[all.length - 1] as Answer
      const args = all.slice(0, -1) as unknown as A
      requests.serve(name, effect, () => work(...args), answer)
    }
  const plain = bind('no')
  /** Waits when the log is at its bound. */
  const growing = bind('grows')
  const makingRoom = bind('makes room')

  const change = (path: string, wanted: AttributeChange): number => {
    const inode = files.find(path)
    return typeof inode === 'number' ? inode : setAttributes(volume, inode, wanted, caller)
  }

  const made = (path: string, what: Making): number => {
    const place = files.place(path)
    if (typeof place === 'number') return place
    const inode = make(volume, place.parent, place.name, what, caller)
    if (typeof inode === 'number') return inode
    files.remember(inode)
    if (what.type === 'create') {
      // Made without being opened: it is complete as it is.
      inode.unclosed = true
      data.markClosed(volume, inode, caller.pid)
    }
    return 0
  }

  const removed = (path: string, directory: boolean): number => {
    const place = files.place(path)
    if (typeof place === 'number') return place
    const inode = space.lookup(place.parent, place.name)
    const done = remove(volume, place.parent, place.name, directory, caller)
    if (done === 0 && inode) files.lost(inode)
    return done
  }

  const synced = (answer: Answer): void => void sync().then((done) => answer(done ? 0 : -EIO))

  return {
    getattr: plain('getattr', (path: string) => {
      const inode = files.find(path)
      return typeof inode === 'number' ? inode : [0, fileStat(inode, space.tree)]
    }),

    /** All names at once. One that has no text is left out: nobody could use it here. */
    readdir: plain('readdir', (path: string) => {
      const inode = files.find(path)
      if (typeof inode === 'number') return inode
      const names = ['.', '..']
      const stats = [entryStat(inode), entryStat(inode.parent ?? inode)]
      space.loadAll(inode)
      for (const name of space.list(inode).names) {
        const text = bytesToText(name)
        const kid = space.lookup(inode, name)
        if (!kid) continue
        files.remember(kid)
        if (text === null) continue
        names.push(text)
        stats.push(entryStat(kid))
      }
      return [0, names, stats]
    }),

    readlink: plain('readlink', (path: string) => {
      const inode = files.find(path)
      if (typeof inode === 'number') return inode
      const target = bytesToText(space.target(inode))
      return target === null ? -EILSEQ : [0, target]
    }),

    create: growing('create', (path: string, mode: number) => {
      const place = files.place(path)
      if (typeof place === 'number') return place
      const what = { type: 'create', mode: S_IFREG | (mode & PERMISSIONS) } as const
      const inode = space.lookup(place.parent, place.name) ?? make(volume, place.parent, place.name, what, caller)
      if (typeof inode === 'number') return inode
      files.remember(inode)
      // How it is opened is not said here.
      const done = data.open(volume, inode, O_RDWR, false, caller)
      if (done < 0) return done
      // An empty new file is a version too.
      inode.unclosed = true
      return [0, files.hold(inode, O_RDWR)]
    }),

    open: plain('open', (path: string, flags: number) => {
      const inode = files.find(path)
      if (typeof inode === 'number') return inode
      const done = data.open(volume, inode, flags, false, caller)
      return done < 0 ? done : [0, files.hold(inode, flags)]
    }),

    release: plain('release', (_path: string, handle: number) => {
      files.release(handle)
      return 0
    }),

    read: plain('read', (_path: string, handle: number, out: Buffer, length: number, offset: number) => {
      const inode = files.held(handle)
      return typeof inode === 'number' ? inode : data.read(volume, inode, offset, length, out, 0)
    }),

    write: growing('write', (_path: string, handle: number, bytes: Buffer, length: number, offset: number) => {
      const inode = files.held(handle)
      if (typeof inode === 'number') return inode
      const part = Math.min(length, WRITE_ROOM)
      // The log puts its record's head before the data, and what lies there in libfuse's memory is not ours.
      bytes.copy(scratch, HEADROOM, 0, part)
      return data.write(volume, inode, offset, scratch, HEADROOM, part, false, caller)
    }),

    truncate: makingRoom('truncate', (path: string, size: number) => {
      const inode = files.find(path)
      return typeof inode === 'number' ? inode : data.truncate(volume, inode, size, false, caller)
    }),

    ftruncate: makingRoom('ftruncate', (_path: string, handle: number, size: number) => {
      const inode = files.held(handle)
      return typeof inode === 'number' ? inode : data.truncate(volume, inode, size, false, caller)
    }),

    mknod: growing('mknod', (path: string, mode: number, rdev: number) =>
      made(path, (mode & S_IFMT) === S_IFREG ? { type: 'create', mode } : { type: 'mknod', mode, rdev }),
    ),

    mkdir: growing('mkdir', (path: string, mode: number) =>
      made(path, { type: 'mkdir', mode: S_IFDIR | (mode & PERMISSIONS) }),
    ),

    symlink: growing('symlink', (text: string, path: string) => {
      const target = textToBytes(text)
      return target === null ? -EILSEQ : made(path, { type: 'symlink', mode: S_IFLNK | 0o777, target })
    }),

    link: growing('link', (from: string, to: string) => {
      const inode = files.find(from)
      if (typeof inode === 'number') return inode
      const place = files.place(to)
      return typeof place === 'number' ? place : link(volume, inode, place.parent, place.name, caller)
    }),

    rename: makingRoom('rename', (from: string, to: string) => {
      const source = files.place(from)
      if (typeof source === 'number') return source
      const target = files.place(to)
      if (typeof target === 'number') return target
      const replaced = space.lookup(target.parent, target.name)
      const done = rename(volume, source.parent, source.name, target.parent, target.name, 0, caller)
      if (done === 0 && replaced) files.lost(replaced)
      return done
    }),

    unlink: plain('unlink', (path: string) => removed(path, false)),

    rmdir: plain('rmdir', (path: string) => removed(path, true)),

    chmod: makingRoom('chmod', (path: string, mode: number) => change(path, { mode })),

    chown: makingRoom('chown', (path: string, uid: number, gid: number) => {
      const inode = files.find(path)
      if (typeof inode === 'number') return inode
      // Even one that names nobody takes setuid and the like away.
      const wanted = { uid: uid === KEEP_ID ? inode.uid : uid, ...(gid === KEEP_ID ? {} : { gid }) }
      return setAttributes(volume, inode, wanted, caller)
    }),

    utimens: makingRoom('utimens', (path: string, atime: number, mtime: number) =>
      change(path, { atime: timeOf(atime), mtime: timeOf(mtime) }),
    ),

    setxattr: growing('setxattr', (path: string, name: string, value: Buffer, _position: number, flags: number) => {
      const inode = files.find(path)
      if (typeof inode === 'number') return inode
      const bytes = textToBytes(name)
      return bytes === null ? -EILSEQ : setXattr(volume, inode, bytes, Buffer.from(value), flags, caller)
    }),

    getxattr: plain('getxattr', (path: string, name: string) => {
      const inode = files.find(path)
      if (typeof inode === 'number') return inode
      if (name.startsWith('system.')) return -EOPNOTSUPP
      const value = space.xattrs(inode).get(textToBytes(name) ?? '')
      return value ? [0, value] : -ENODATA
    }),

    /** Every name with a zero byte behind it. */
    listxattr: plain('listxattr', (path: string) => {
      const inode = files.find(path)
      if (typeof inode === 'number') return inode
      return [0, Buffer.from([...space.xattrs(inode).keys()].map((name) => `${name}\0`).join(''), 'latin1')]
    }),

    removexattr: makingRoom('removexattr', (path: string, name: string) => {
      const inode = files.find(path)
      if (typeof inode === 'number') return inode
      return removeXattr(volume, inode, textToBytes(name) ?? '', caller)
    }),

    statfs: plain('statfs', (_path: string) => spaceStat(space.tree.directory(space.root))),

    fsync: (_path: string, _datasync: number, _handle: number, answer: Answer): void => synced(answer),
    fsyncdir: (_path: string, _datasync: number, _handle: number, answer: Answer): void => synced(answer),
  }
}
