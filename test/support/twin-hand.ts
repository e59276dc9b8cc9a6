import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import * as native from '../../src-main/engine/sys/native.ts'
import { Random, type Data, type TwinOperation } from './twin-operations.ts'
import { statFile } from './twin-tree.ts'

const { O_NONBLOCK, O_RDONLY, O_DIRECTORY, O_WRONLY, O_CREAT, O_EXCL } = constants
const SEEK_DATA = 3
const AT_REMOVEDIR = 0x200
const RENAME_NOREPLACE = 1

/** Does operations in one tree. Results are texts, equal where two file systems did the same. */
export class Hand {
  private readonly slots = new Map<number, number>()

  constructor(readonly root: number) {
    if (root < 0) throw new Error(`The tree cannot be opened (errno ${-root}).`)
  }

  do(operation: TwinOperation): string {
    const { root } = this
    switch (operation.do) {
      case 'open':
        return this.open(operation.slot, operation.path, operation.flags, operation.mode)
      case 'write':
        return this.write(operation.path, operation.flags, operation.data)
      case 'save':
        return this.save(operation.path, operation.data, operation.backup)
      case 'truncate':
        return this.withFile(operation.path, O_WRONLY, (fd) => native.truncateFd(fd, operation.size))
      case 'mkdir':
        return text(native.mkdirAt(root, operation.path, operation.mode))
      case 'rmdir':
        return text(native.unlinkAt(root, operation.path, AT_REMOVEDIR))
      case 'unlink':
        return text(native.unlinkAt(root, operation.path, 0))
      case 'readlink':
        return String(native.readlinkAt(root, operation.path))
      case 'list':
        return this.list(operation.path)
      case 'stat':
        return 'stat'
      case 'listxattr': {
        const names = native.listXattr(root, operation.path)
        return typeof names === 'number' ? text(names) : [...names].sort().join(' ')
      }
      case 'rename':
        return text(native.renameAt2(root, operation.path, root, operation.to, operation.flags))
      case 'link':
        return text(native.linkAt(root, operation.path, root, operation.to))
      case 'symlink':
        return text(native.symlinkAt(operation.target, root, operation.path))
      case 'mknod':
        return text(native.mknodAt(root, operation.path, operation.mode, 0))
      case 'chmod':
        return this.on(operation, (fd, name) => native.chmodAt(fd, name, operation.mode))
      case 'chown':
        return this.on(operation, (fd, name) => native.chownAt(fd, name, operation.uid, operation.gid))
      case 'utimes':
        return this.on(operation, (fd, name) => native.utimesAt(fd, name, ...operation.times))
      case 'setxattr': {
        const value = Buffer.from(operation.value, 'latin1')
        return this.on(operation, (fd, name) => native.setXattr(fd, name, operation.name, value, operation.flags))
      }
      case 'getxattr': {
        const value = native.getXattr(root, operation.path, operation.name)
        return typeof value === 'number' ? text(value) : value.toString('latin1')
      }
      case 'removexattr':
        return text(native.removeXattr(root, operation.path, operation.name))
      default:
        return this.onSlot(operation)
    }
  }

  close(): void {
    for (const fd of this.slots.values()) native.closeFd(fd)
    this.slots.clear()
    native.closeFd(this.root)
  }

  private onSlot(
    operation: Extract<TwinOperation, { readonly slot: number; readonly path?: never } | { do: 'linkOpen' }>,
  ): string {
    const fd = this.slots.get(operation.slot)
    if (fd === undefined) return 'no file'
    switch (operation.do) {
      case 'close':
        this.slots.delete(operation.slot)
        return text(native.closeFd(fd))
      case 'fsync':
        return text(native.syncAll(fd))
      case 'fstat': {
        const stats = statFile(fd, '')
        return stats ? `${stats[0]} ${stats[2]} ${stats[3]} ${stats[4]} ${stats[6]}` : 'gone'
      }
      case 'pwrite': {
        const bytes = makeData(operation.data)
        return text(native.writeAt(fd, bytes, 0, bytes.length, operation.at))
      }
      case 'pread': {
        const bytes = Buffer.alloc(operation.size)
        const got = native.readAt(fd, bytes, 0, operation.size, operation.at)
        return got < 0 ? text(got) : `${got} ${createHash('sha1').update(bytes.subarray(0, got)).digest('hex')}`
      }
      case 'ftruncate':
        return text(native.truncateFd(fd, operation.size))
      case 'fallocate':
        return text(native.allocate(fd, operation.mode, operation.at, operation.size))
      case 'seek':
        return seek(fd, operation.at, operation.whence)
      case 'linkOpen':
        return text(native.linkAt(fd, '', this.root, operation.path))
    }
  }

  private open(slot: number, path: string, flags: number, mode: number): string {
    const fd = native.openAt(this.root, path, flags | O_NONBLOCK, mode)
    if (fd < 0) return text(fd)
    const before = this.slots.get(slot)
    if (before !== undefined) native.closeFd(before)
    this.slots.set(slot, fd)
    return 'opened'
  }

  private write(path: string, flags: number, data: Data): string {
    return this.withFile(path, flags, (fd) => {
      const bytes = makeData(data)
      return native.writeAt(fd, bytes, 0, bytes.length, 0)
    })
  }

  private save(path: string, data: Data, backup: '' | 'rename' | 'link'): string {
    const { root } = this
    const beside = `${path}.new`
    const results = [this.write(beside, O_WRONLY | O_CREAT | O_EXCL, data)]
    if (backup !== '') results.push(text(native.unlinkAt(root, `${path}~`, 0)))
    if (backup === 'rename') results.push(text(native.renameAt2(root, path, root, `${path}~`, RENAME_NOREPLACE)))
    if (backup === 'link') results.push(text(native.linkAt(root, path, root, `${path}~`)))
    results.push(text(native.renameAt2(root, beside, root, path, 0)))
    return results.join(', ')
  }

  private list(path: string): string {
    const fd = native.openAt(this.root, path, O_RDONLY | O_DIRECTORY, 0)
    if (fd < 0) return text(fd)
    const listing = native.listDirectory(fd)
    native.closeFd(fd)
    return typeof listing === 'number' ? text(listing) : JSON.stringify([...listing.names].sort())
  }

  private withFile(path: string, flags: number, work: (fd: number) => number): string {
    const fd = native.openAt(this.root, path, flags | O_NONBLOCK, 0o644)
    if (fd < 0) return `open: ${text(fd)}`
    const done = work(fd)
    native.closeFd(fd)
    return text(done)
  }

  private on(
    target: { readonly slot: number; readonly path: string },
    work: (fd: number, name: string) => number,
  ): string {
    const fd = target.slot < 0 ? undefined : this.slots.get(target.slot)
    return text(fd === undefined ? work(this.root, target.path) : work(fd, ''))
  }
}

function text(result: number): string {
  return result < 0 ? `errno ${-result}` : String(result)
}

/**
 * Where data begin and holes end depends on the blocks of the file system below: what must hold is that nothing but
 * zeros is passed over, and that the ends are the same.
 */
function seek(fd: number, at: number, whence: number): string {
  const stats = statFile(fd, '')
  if (!stats || ((stats[0] as number) & constants.S_IFMT) !== constants.S_IFREG) return 'no file'
  const found = native.seekFrom(fd, at, whence)
  const size = stats[6] as number
  if (at >= size || found === -22 || found === -9) return text(found)
  const end = found < 0 ? size : found
  if (whence !== SEEK_DATA) return end > at - 1 && end <= size ? 'ok' : `hole at ${end} of ${size}`
  const bytes = Buffer.alloc(Math.max(0, end - at))
  const got = native.readAt(fd, bytes, 0, bytes.length, at)
  if (got < 0) return 'ok'
  return bytes.every((byte) => byte === 0) ? 'ok' : `data before ${end}`
}

export function makeData({ seed, size, text: lines }: Data): Buffer {
  const random = new Random(seed)
  const bytes = Buffer.alloc(size)
  if (!lines) for (let i = 0; i < size; i++) bytes[i] = random.below(256)
  else for (let i = 0; i < size; i++) bytes[i] = random.chance(0.04) ? 10 : 97 + random.below(26)
  return bytes
}
