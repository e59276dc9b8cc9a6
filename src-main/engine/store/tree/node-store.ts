import { IzeError } from '../../ize-error.ts'
import * as native from '../../sys/native.ts'

/** What the address of a tree's node is derived with, so that no other kind of object can stand for one. */
export const TREE_CONTEXT = 'ize 2026-11 tree v1'

/** Where the nodes of trees are kept. An address is 64 hex digits: BLAKE3 of the bytes, derived with TREE_CONTEXT. */
export interface NodeStore {
  /** Errors: E_OBJECT_MISSING, E_OBJECT_DAMAGED. What comes back has that address. */
  get(address: string): Buffer
  /** Keeps bytes and returns their address. `predecessor`: the node that this one replaces; it is likely to be similar. */
  put(bytes: Buffer, predecessor: string | null): string
}

/**
 * A store in memory of the given nodes, each under the address that its bytes have: lookups in it prove what they find,
 * whoever sent the nodes.
 */
export function nodesFrom(nodes: Iterable<Buffer>): NodeStore {
  const kept = new Map<string, Buffer>()
  const store: NodeStore = {
    get: (address) => {
      const bytes = kept.get(address)
      if (bytes) return bytes
      throw new IzeError('E_OBJECT_MISSING', `The tree node ${address} is missing.`, { object: address })
    },
    put: (bytes) => {
      const address = native.hashBytes(bytes, TREE_CONTEXT)
      kept.set(address, bytes)
      return address
    },
  }
  for (const bytes of nodes) store.put(bytes, null)
  return store
}
