import { nodesFrom, type NodeStore } from '../../../../src-main/engine/store/tree/node-store.ts'

/** Nodes in memory, with what was read and written since `reset`. */
export class CountedStore implements NodeStore {
  private readonly nodes = nodesFrom([])
  gets = 0
  puts = 0
  bytes = 0
  predecessors: (string | null)[] = []

  get(address: string): Buffer {
    this.gets++
    return this.nodes.get(address)
  }

  put(bytes: Buffer, predecessor: string | null): string {
    this.puts++
    this.bytes += bytes.length
    // What it may become a difference to is there.
    if (predecessor !== null) this.nodes.get(predecessor)
    this.predecessors.push(predecessor)
    return this.nodes.put(bytes, predecessor)
  }

  reset(): void {
    this.gets = this.puts = this.bytes = 0
    this.predecessors = []
  }
}
