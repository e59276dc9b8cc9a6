import { readContent } from '../../src-main/engine/namespace/content.ts'
import type { Inode } from '../../src-main/engine/namespace/inode.ts'
import { RENAME_EXCHANGE } from '../../src-main/engine/namespace/reduce.ts'
import { setXattr } from '../../src-main/engine/fuse/attributes.ts'
import { open, release, truncate, write } from '../../src-main/engine/fuse/data.ts'
import { link, make, remove, rename } from '../../src-main/engine/fuse/names.ts'
import type { Volume } from '../../src-main/engine/fuse/volume.ts'
import { HEADROOM } from '../../src-main/engine/oplog/oplog-writer.ts'

/** An operation that a program may try. What the tree does not allow is passed over. */
export type RecordedStep =
  | { readonly do: 'open' | 'append'; readonly slot: number; readonly path: string }
  | { readonly do: 'close'; readonly slot: number; readonly path: string }
  | { readonly do: 'write' | 'save' | 'backup' | 'linked' | 'remove' | 'mkdir' | 'symlink'; readonly path: string }
  | { readonly do: 'xattr'; readonly path: string }
  | { readonly do: 'rename' | 'exchange' | 'link'; readonly path: string; readonly to: string }

interface Node {
  kind: 'file' | 'directory' | 'symlink'
  content: string
  readonly xattrs: Map<string, string>
}

const O_WRONLY = 1
const CALLER = { pid: 0, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
const buffer = Buffer.alloc(HEADROOM + 256)

/** Plays on a volume, and knows by the plainest of means what must be seen there. */
export class RecordedPlayer {
  private readonly tree = new Map<string, Node>()
  private readonly slots = new Map<number, { inode: Inode; node: Node }>()
  private serial = 0

  constructor(private volume: Volume) {}

  /** The volume is another one now: whoever had files open lost them. */
  moveTo(volume: Volume): void {
    this.volume = volume
    this.slots.clear()
  }

  /** What is there: directories end in a slash. */
  paths(): string[] {
    return [...this.tree].map(([path, { kind }]) => (kind === 'directory' ? `${path}/` : path)).sort()
  }

  content(path: string): string | null {
    const node = this.tree.get(path)
    return node?.kind === 'file' ? node.content : null
  }

  do(step: RecordedStep): void {
    switch (step.do) {
      case 'open':
        return this.open(step.slot, step.path)
      case 'append': {
        const slot = this.slots.get(step.slot)
        if (slot) this.append(slot)
        return
      }
      case 'close':
        return this.close(step.slot)
      case 'write':
        return this.write(step.path)
      case 'save':
      case 'backup':
      case 'linked':
        return this.save(step.path, step.do)
      case 'remove':
        return this.remove(step.path)
      case 'mkdir':
      case 'symlink':
        if (!this.isFree(step.path)) return
        this.make(step.path, step.do === 'mkdir' ? 'directory' : 'symlink')
        return
      case 'xattr':
        return this.xattr(step.path)
      case 'rename':
      case 'exchange':
        return this.rename(step.path, step.to, step.do === 'exchange')
      case 'link':
        return this.link(step.path, step.to)
    }
  }

  closeAll(): void {
    for (const slot of [...this.slots.keys()]) this.close(slot)
  }

  /** How what the volume shows differs, read anew as far as that is in working/; null: in nothing. */
  difference(): string | null {
    for (const [path, node] of this.tree) {
      const inode = this.volume.space.resolve(path)
      if (!inode) return `${path} is not there`
      const found = this.differs(inode, node)
      if (found) return `${path}: ${found}`
    }
    for (const { inode, node } of this.slots.values()) {
      const found = this.differs(inode, node)
      if (found) return `an open file: ${found}`
    }
    const listed = this.list(this.volume.space.root, '')
    if (listed.join() !== this.paths().join()) return `listed are ${listed.join()}`
    return null
  }

  private list(directory: Inode, prefix: string): string[] {
    const { space } = this.volume
    const found = [...space.list(directory).names].flatMap((name) => {
      const inode = space.lookup(directory, name)
      const path = prefix + name
      return inode?.isDirectory ? [`${path}/`, ...this.list(inode, `${path}/`)] : [path]
    })
    return found.sort()
  }

  private differs(inode: Inode, { kind, content, xattrs }: Node): string | null {
    const { space } = this.volume
    if (inode.isDirectory !== (kind === 'directory') || inode.isSymlink !== (kind === 'symlink')) return 'its kind'
    if (inode.baseDir !== null && inode.nlink > 0) {
      // What was asked for before would not be asked for again.
      if (inode.xattrPosition === 0) inode.xattrs = null
      inode.target = null
    }
    const held = [...space.xattrs(inode)].map(([name, value]) => `${name}=${value.toString()}`)
    const wanted = [...xattrs].map(([name, value]) => `${name}=${value}`)
    if (held.sort().join() !== wanted.sort().join()) return `xattrs ${held.join()}, not ${wanted.join()}`
    if (kind === 'symlink') return space.target(inode) === content ? null : `target ${space.target(inode)}`
    if (kind === 'directory') return null
    const out = Buffer.alloc(inode.size + 1)
    const got = readContent(inode, 0, out.length, out, 0, space.tree, this.volume.log)
    const text = out.toString('latin1', 0, Math.max(0, got))
    return text === content ? null : `content ${JSON.stringify(text)}, not ${JSON.stringify(content)}`
  }

  private open(slot: number, path: string): void {
    if (this.slots.has(slot)) return
    const at = this.file(path)
    if (!at) return
    this.check(open(this.volume, at.inode, O_WRONLY, false, CALLER))
    this.slots.set(slot, at)
  }

  private append({ inode, node }: { inode: Inode; node: Node }): void {
    const text = `${++this.serial}\n`
    buffer.write(text, HEADROOM, 'latin1')
    this.check(write(this.volume, inode, inode.size, buffer, HEADROOM, text.length, false, CALLER))
    node.content += text
  }

  private close(number: number): void {
    const slot = this.slots.get(number)
    if (!slot) return
    this.slots.delete(number)
    release(this.volume, slot.inode, O_WRONLY, 0)
  }

  private write(path: string): void {
    const at = this.file(path)
    if (!at) return
    this.check(open(this.volume, at.inode, O_WRONLY, false, CALLER))
    this.check(truncate(this.volume, at.inode, 0, false, CALLER, false))
    at.node.content = ''
    this.append(at)
    release(this.volume, at.inode, O_WRONLY, 0)
  }

  private save(path: string, how: 'save' | 'backup' | 'linked'): void {
    const beside = `${path}.new`
    if (this.tree.get(path)?.kind !== 'file' || !this.isFree(beside)) return
    this.write(beside)
    if (how !== 'save') this.remove(`${path}~`)
    if (how === 'backup') this.rename(path, `${path}~`, false)
    if (how === 'linked') this.link(path, `${path}~`)
    this.rename(beside, path, false)
  }

  private remove(path: string): void {
    const node = this.tree.get(path)
    if (!node || this.below(path).length > 0) return
    const { parent, name } = this.place(path)
    this.check(remove(this.volume, parent, name, node.kind === 'directory', CALLER))
    this.tree.delete(path)
  }

  private xattr(path: string): void {
    const node = this.tree.get(path)
    if (!node || node.kind === 'symlink') return
    const [name, value] = [`user.${++this.serial % 2}`, String(this.serial)]
    this.check(setXattr(this.volume, this.inode(path), name, Buffer.from(value), 0, CALLER))
    node.xattrs.set(name, value)
  }

  private rename(path: string, to: string, exchange: boolean): void {
    const node = this.tree.get(path)
    const there = this.tree.get(to)
    if (!node || node === there || !this.isDirectory(above(to))) return
    if (`${to}/`.startsWith(`${path}/`) || `${path}/`.startsWith(`${to}/`)) return
    if (exchange && !there) return
    if (!exchange && there) {
      if ((there.kind === 'directory') !== (node.kind === 'directory') || this.below(to).length > 0) return
    }
    const [from, into] = [this.place(path), this.place(to)]
    const flags = exchange ? RENAME_EXCHANGE : 0
    this.check(rename(this.volume, from.parent, from.name, into.parent, into.name, flags, CALLER))
    const [going, coming] = [this.below(path), exchange ? this.below(to) : []]
    for (const one of [path, to, ...going, ...coming].map((one) => [one, this.tree.get(one)] as const)) {
      this.tree.delete(one[0])
      if (!one[1]) continue
      if (one[0] === path || going.includes(one[0])) moved.push([to + one[0].slice(path.length), one[1]])
      else if (exchange) moved.push([path + one[0].slice(to.length), one[1]])
    }
    for (const [at, one] of moved.splice(0)) this.tree.set(at, one)
  }

  private link(path: string, to: string): void {
    const node = this.tree.get(path)
    if (!node || node.kind === 'directory' || !this.isFree(to)) return
    const { parent, name } = this.place(to)
    this.check(link(this.volume, this.inode(path), parent, name, CALLER))
    this.tree.set(to, node)
  }

  /** The file at a path, made when there is none. */
  private file(path: string): { inode: Inode; node: Node } | null {
    if (this.isFree(path)) return { inode: this.make(path, 'file'), node: this.tree.get(path) as Node }
    const node = this.tree.get(path)
    return node?.kind === 'file' ? { inode: this.inode(path), node } : null
  }

  private make(path: string, kind: Node['kind']): Inode {
    const { parent, name } = this.place(path)
    const target = `to-${++this.serial}`
    const made = make(
      this.volume,
      parent,
      name,
      kind === 'symlink'
        ? { type: 'symlink', mode: 0o120777, target }
        : kind === 'file'
          ? { type: 'create', mode: 0o100644 }
          : { type: 'mkdir', mode: 0o040755 },
      CALLER,
    )
    if (typeof made === 'number') throw new Error(`making ${path}: ${made}`)
    this.tree.set(path, { kind, content: kind === 'symlink' ? target : '', xattrs: new Map() })
    return made
  }

  private below(path: string): string[] {
    return [...this.tree.keys()].filter((one) => one.startsWith(`${path}/`))
  }

  private isFree(path: string): boolean {
    return !this.tree.has(path) && this.isDirectory(above(path))
  }

  private isDirectory(path: string): boolean {
    return path === '' || this.tree.get(path)?.kind === 'directory'
  }

  private place(path: string): { parent: Inode; name: string } {
    return { parent: this.inode(above(path)), name: path.slice(path.lastIndexOf('/') + 1) }
  }

  private inode(path: string): Inode {
    const inode = this.volume.space.resolve(path)
    if (!inode) throw new Error(`${path} is not there`)
    return inode
  }

  private check(result: number): void {
    if (result < 0) throw new Error(`errno ${-result}`)
  }
}

const moved: [string, Node][] = []

function above(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}
