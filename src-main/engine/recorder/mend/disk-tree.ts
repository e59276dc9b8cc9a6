import { constants } from 'node:fs'
import { decodeIdentity, type Identity } from '../../namespace/identity.ts'
import { S_IFDIR, S_IFMT, S_IFREG } from '../../namespace/inode.ts'
import type { Sidecar } from '../../namespace/sidecar.ts'
import type { Ino } from '../../oplog/operation.ts'
import { IzeError } from '../../ize-error.ts'
import * as native from '../../sys/native.ts'

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants

/** Something in working/ as it was found. */
export interface DiskNode {
  /** Negative: it has no identity, or that of another file. */
  ino: number
  identity: Identity | null
  readonly stats: Float64Array
  readonly kids: Map<string, DiskNode> | null
  /** Null: it is in tmp/, or gone. */
  parent: DiskNode | null
  name: string
}

/** working/ as it is, found by number; the mending keeps it true while it moves things. */
export class DiskTree {
  readonly root: DiskNode
  /** Every name a number has. A second file with the same number is none of them. */
  readonly named = new Map<number, DiskNode[]>()
  highest = 1
  /** Directories in which names came or went since. */
  readonly stirred = new Set<DiskNode>()
  private strangers = 0

  constructor(
    working: string,
    private readonly sidecar: Sidecar,
  ) {
    const fd = native.openAt(native.AT_FDCWD, Buffer.from(working).toString('latin1'), O_RDONLY | O_DIRECTORY, 0)
    if (fd < 0) throw unreadable('', fd)
    const stats = new Float64Array(native.STAT_WORDS)
    const bytes = new Uint8Array(native.IDENTITY_BYTES)
    const length = native.statIdentity(fd, '', stats, bytes)
    const identity = decodeIdentity(bytes, 0, Math.max(0, length))
    this.root = { ino: 1, identity, stats, kids: new Map(), parent: null, name: '' }
    this.named.set(1, [this.root])
    this.walk(fd, this.root)
  }

  *nodes(below = this.root): Generator<DiskNode> {
    for (const kid of [...(below.kids?.values() ?? [])]) {
      yield kid
      if (kid.kids) yield* this.nodes(kid)
    }
  }

  first(ino: number): DiskNode | undefined {
    return this.named.get(ino)?.[0]
  }

  /** It lost its name: it is gone, or on its way to another place. */
  detach(node: DiskNode, gone: boolean): void {
    if (node.parent) this.stirred.add(node.parent)
    node.parent?.kids?.delete(node.name)
    node.parent = null
    if (!gone) return
    const names = this.named.get(node.ino)?.filter((one) => one !== node) ?? []
    if (names.length > 0) this.named.set(node.ino, names)
    else this.named.delete(node.ino)
  }

  attach(node: DiskNode, parent: DiskNode, name: string): void {
    node.parent = parent
    node.name = name
    parent.kids?.set(name, node)
    this.stirred.add(parent)
  }

  /** It is another inode than was thought. */
  renumber(node: DiskNode, ino: number, identity: Identity | null): void {
    const { parent } = node
    this.detach(node, true)
    node.ino = ino
    node.identity = identity
    this.add(node)
    if (parent) this.attach(node, parent, node.name)
  }

  /** Its identity is not its own. */
  disown(node: DiskNode): void {
    this.renumber(node, -++this.strangers, null)
  }

  /** Something that was made, or one more name of it. */
  add(node: DiskNode): void {
    const names = this.named.get(node.ino)
    if (names) names.push(node)
    else this.named.set(node.ino, [node])
    this.highest = Math.max(this.highest, node.ino)
  }

  private walk(fd: number, directory: DiskNode): void {
    const listing = native.listDirectory(fd)
    if (typeof listing === 'number') throw unreadable(pathOf(directory), listing)
    const { names, stats, identities, identityLengths } = listing
    for (const [i, name] of names.entries()) {
      const own = stats.slice(i * native.STAT_WORDS, (i + 1) * native.STAT_WORDS)
      const kind = (own[0] ?? 0) & S_IFMT
      const identity =
        kind === S_IFREG || kind === S_IFDIR
          ? decodeIdentity(identities, i * native.IDENTITY_BYTES, identityLengths[i] ?? 0)
          : (this.sidecar.get(directory.ino as Ino, name) ?? null)
      const known = identity ? this.first(identity.ino) : undefined
      const stranger = !identity || (known !== undefined && known.stats[1] !== own[1])
      const ino = stranger ? -++this.strangers : identity.ino
      const kids = kind === S_IFDIR ? new Map<string, DiskNode>() : null
      const node: DiskNode = { ino, identity: stranger ? null : identity, stats: own, kids, parent: directory, name }
      directory.kids?.set(name, node)
      this.add(node)
    }
    for (const node of directory.kids?.values() ?? []) {
      if (!node.kids) continue
      const below = native.openAt(fd, node.name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
      if (below < 0) throw unreadable(pathOf(node), below)
      this.walk(below, node)
    }
    native.closeFd(fd)
  }
}

export function pathOf(node: DiskNode): string {
  let path = node.name
  for (let up = node.parent; up && up.parent !== null; up = up.parent) path = `${up.name}/${path}`
  return path
}

function unreadable(path: string, errno: number): IzeError {
  return new IzeError('E_WORKING', `working/ could not be read at "${path}" (errno ${-errno}); run "ize doctor".`)
}
