/** A name as operations left it; what they did not touch is not told. */
export interface ToldName {
  readonly path: string
  /** Number of what stands there; 0: nothing; null: not told, only what happened in it. */
  readonly ino: number | null
  /** When a name in this directory came or went last, unless its times were set since. */
  readonly stamp: Stamp | null
}

export type Stamp = readonly [sec: number, nsec: number]

interface Node {
  ino: number | null
  stamp: Stamp | null
  readonly kids: Map<string, Node>
}

/** What a run of operations says of names, without knowledge of the tree before them. Directories move with what is told below. */
export class NameTrie {
  private readonly root = fresh(null)

  /** A name begins, or (0) goes: nothing that was told below it counts any more. */
  tell(path: string, ino: number): void {
    this.put(path, fresh(ino))
  }

  /** A rename: `path` has nothing then, or with `exchanged` what was at `to`. */
  move(path: string, to: string, ino: number, exchanged: number): void {
    const [going, coming] = [this.node(path), this.node(to)]
    going.ino = ino
    coming.ino = exchanged
    this.put(path, exchanged === 0 ? fresh(0) : coming)
    this.put(to, going)
  }

  stamp(directory: string, stamp: Stamp | null): void {
    this.node(directory).stamp = stamp
  }

  /** The number at a path, 0 for nothing there, null when nothing is told of it. */
  at(path: string): number | null {
    let node = this.root
    for (const name of path.split('/')) {
      const next = node.kids.get(name)
      if (!next) return null
      if (next.ino === 0) return 0
      node = next
    }
    return node.ino
  }

  /** Directories before what is in them. */
  *told(): Generator<ToldName> {
    yield* toldBelow(this.root, '')
  }

  private put(path: string, node: Node): void {
    const slash = path.lastIndexOf('/')
    const above = slash < 0 ? this.root : this.node(path.slice(0, slash))
    above.kids.set(path.slice(slash + 1), node)
  }

  private node(path: string): Node {
    let node = this.root
    for (const name of path === '' ? [] : path.split('/')) {
      let next = node.kids.get(name)
      if (!next) node.kids.set(name, (next = fresh(null)))
      node = next
    }
    return node
  }
}

function fresh(ino: number | null): Node {
  return { ino, stamp: null, kids: new Map() }
}

function* toldBelow(node: Node, path: string): Generator<ToldName> {
  yield { path, ino: node.ino, stamp: node.stamp }
  for (const [name, kid] of node.kids) yield* toldBelow(kid, path === '' ? name : `${path}/${name}`)
}
