import { damagedNode } from './bytes.ts'
import type { DirectoryEntry, Link } from './directory-entry.ts'
import { LEVELS } from './name-hash.ts'
import { decodeNode, encodeNode, type HamtNode, type TreeNode } from './node-codec.ts'
import type { NodeStore } from './node-store.ts'

/** How many decoded nodes are kept, some 10 KB each at most: the paths of what is being worked on. */
const KEPT = 500

/** The nodes of a store, decoded and checked; those used last stay in memory. */
export class TreeNodes {
  /** In the order of their last use. */
  private readonly kept = new Map<string, TreeNode>()

  constructor(private readonly store: NodeStore) {}

  /** The entry of a tree's own directory. Errors: E_OBJECT_MISSING, E_OBJECT_DAMAGED. */
  root(address: string): DirectoryEntry {
    const node = this.node(address)
    if (node.kind !== 'root') throw damagedNode(address, 'it is not the root of a tree')
    return node.entry
  }

  /** The node that `link` tells of, at `level` of a HAMT, if it is what `link` tells. Errors as of `root`. */
  read(link: Link, level: number): HamtNode {
    const node = this.node(link.address)
    if (node.kind === 'root') throw damagedNode(link.address, 'it is the root of a tree, within a tree')
    const { entries, files, bytes } = node.totals
    if (entries !== link.entries || files !== link.files || bytes !== link.bytes) {
      throw damagedNode(link.address, 'what is below it is not what the node above it tells')
    }
    if (node.kind === 'branch' && level >= LEVELS) throw damagedNode(link.address, 'it branches where no name can')
    return node
  }

  /** A node as it is stored. */
  bytes(address: string): Buffer {
    return this.store.get(address)
  }

  put(node: HamtNode, predecessor: string | null): Link {
    return { address: this.keep(node, predecessor), ...node.totals }
  }

  putRoot(entry: DirectoryEntry, predecessor: string | null): string {
    return this.keep({ kind: 'root', entry }, predecessor)
  }

  private node(address: string): TreeNode {
    const known = this.kept.get(address)
    const node = known ?? decodeNode(this.store.get(address), address)
    this.remember(address, node)
    return node
  }

  private keep(node: TreeNode, predecessor: string | null): string {
    const address = this.store.put(encodeNode(node), predecessor)
    this.remember(address, node)
    return address
  }

  private remember(address: string, node: TreeNode): void {
    this.kept.delete(address)
    this.kept.set(address, node)
    if (this.kept.size <= KEPT) return
    for (const oldest of this.kept.keys()) {
      this.kept.delete(oldest)
      return
    }
  }
}
