import { constants } from 'node:fs'
import { IDENTITY_XATTR } from '../../namespace/identity.ts'
import { S_IFDIR, S_IFMT, S_IFREG } from '../../namespace/inode.ts'
import { IzeError } from '../../ize-error.ts'
import * as native from '../../sys/native.ts'
import { type DiskNode, pathOf } from './disk-tree.ts'

const { O_RDONLY, O_RDWR, O_DIRECTORY, O_NOFOLLOW } = constants

/** Opens what is in working/ name by name, so that no path is too long and no link is followed. */
export class WorkingFiles {
  private readonly root: number

  constructor(working: string) {
    this.root = native.openAt(native.AT_FDCWD, Buffer.from(working).toString('latin1'), O_RDONLY | O_DIRECTORY, 0)
    if (this.root < 0) throw failed('open', '', this.root)
  }

  close(): void {
    native.closeFd(this.root)
  }

  /** Errors: E_WORKING. */
  reading<T>(node: DiskNode, work: (fd: number) => T): T {
    const fd = this.open(node, O_RDONLY)
    try {
      return work(fd)
    } finally {
      native.closeFd(fd)
    }
  }

  /** Errors: E_WORKING. */
  async writing(node: DiskNode, work: (fd: number) => Promise<void>): Promise<void> {
    const fd = this.open(node, O_RDWR)
    try {
      await work(fd)
    } finally {
      native.closeFd(fd)
    }
  }

  target(link: DiskNode): string {
    return this.within(link, (fd, name) => {
      const target = native.readlinkAt(fd, name)
      if (typeof target === 'number') throw failed('read the link', pathOf(link), target)
      return target
    })
  }

  /** Those that programs see; of links and special files none. */
  xattrs(node: DiskNode): Map<string, Buffer> {
    const found = new Map<string, Buffer>()
    const kind = (node.stats[0] ?? 0) & S_IFMT
    if (kind !== S_IFDIR && kind !== S_IFREG) return found
    this.reading(node, (fd) => {
      const names = native.listXattr(fd, '')
      for (const name of typeof names === 'number' ? [] : names) {
        if (name === IDENTITY_XATTR || name.startsWith('system.')) continue
        const value = native.getXattr(fd, '', name)
        if (typeof value !== 'number') found.set(name, value)
      }
    })
    return found
  }

  private open(node: DiskNode, flags: number): number {
    return this.within(node, (fd, name) => {
      const opened = native.openAt(fd, name === '' ? '.' : name, flags | O_NOFOLLOW, 0)
      if (opened < 0) throw failed('open', pathOf(node), opened)
      return opened
    })
  }

  private within<T>(node: DiskNode, work: (directory: number, name: string) => T): T {
    let fd = this.root
    try {
      const above = pathOf(node).split('/').slice(0, -1)
      for (const name of above) {
        const next = native.openAt(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
        if (next < 0) throw failed('open', pathOf(node), next)
        if (fd !== this.root) native.closeFd(fd)
        fd = next
      }
      return work(fd, node.name)
    } finally {
      if (fd !== this.root) native.closeFd(fd)
    }
  }
}

function failed(what: string, path: string, errno: number): IzeError {
  return new IzeError('E_WORKING', `Ize could not ${what} "${path}" in working/ (errno ${-errno}); run "ize doctor".`, {
    errno: -errno,
  })
}
