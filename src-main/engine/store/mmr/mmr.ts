import { closeSync, constants, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { IzeError } from '../../ize-error.ts'
import { NODE_BYTES, PeakStack } from './peak-stack.ts'
import { leavesWithin, MAX_LEAVES, peaksOf, positionOf, positionsOf, type Subtree } from './positions.ts'

/** What proofs are made from. */
export interface MmrNodes {
  readonly leaves: number
  node(subtree: Subtree): Buffer
}

const ADDRESS = /^[0-9a-f]{64}$/

/**
 * The Merkle Mountain Range over the seals, in the file `mmr`: 32 bytes for each position (positions.ts), nothing else.
 * A leaf is the address of a seal, so the file also lists the seals by number: seal n is leaf n - 1. A parent is the
 * hash of its children (peak-stack.ts). Everything follows from the leaves, so the file can be made anew from the seals.
 *
 * Only the peaks are held in memory; the rest is read where it is asked for. One process appends; others may read.
 */
export class Mmr implements MmrNodes {
  private constructor(
    private readonly file: string,
    private readonly fd: number,
    private peaks: PeakStack,
  ) {}

  /**
   * `append` makes a file that is missing, and cuts off what a torn write left: a part of a node, or a leaf without all
   * of its parents. `read` passes over such a tail, which may be a write on its way.
   * Errors: those of open(2), E_MMR_DAMAGED.
   */
  static open(file: string, access: 'read' | 'append'): Mmr {
    const flags = access === 'append' ? constants.O_RDWR | constants.O_CREAT : constants.O_RDONLY
    const mmr = new Mmr(file, openSync(file, flags, 0o600), PeakStack.empty())
    try {
      const { size } = fstatSync(mmr.fd)
      const leaves = leavesWithin(Math.floor(size / NODE_BYTES))
      const whole = positionsOf(leaves) * NODE_BYTES
      if (access === 'append' && size > whole) ftruncateSync(mmr.fd, whole)
      mmr.peaks = mmr.peaksAt(leaves)
      return mmr
    } catch (error) {
      mmr.close()
      throw error
    }
  }

  get leaves(): number {
    return this.peaks.leaves
  }

  root(): string {
    return this.peaks.root()
  }

  /** The root that the range had when it had so many leaves. */
  rootAt(leaves: number): string {
    return this.peaksAt(leaves).root()
  }

  /** The address of the seal with the number `index` + 1. */
  leaf(index: number): string {
    return this.node({ height: 0, start: index }).toString('hex')
  }

  node(subtree: Subtree): Buffer {
    const position = positionOf(subtree)
    return this.readPositions(position, position + 1)
  }

  /** The bytes of the nodes [from, to), by position. Errors: E_MMR_DAMAGED when the file ends before. */
  readPositions(from: number, to: number): Buffer {
    const bytes = Buffer.allocUnsafe((to - from) * NODE_BYTES)
    for (let done = 0; done < bytes.length;) {
      const got = readSync(this.fd, bytes, done, bytes.length - done, from * NODE_BYTES + done)
      if (got === 0) {
        throw new IzeError(
          'E_MMR_DAMAGED',
          `${this.file} ends before node ${from + Math.floor(done / NODE_BYTES)}, which must be there; run "ize doctor" to make it anew from the seals.`,
          { file: this.file },
        )
      }
      done += got
    }
    return bytes
  }

  /**
   * Appends leaves with all the parents that they complete, by one write. Not flushed: see `sync`. When the write fails
   * the range is what it was. Errors: those of write(2).
   */
  append(addresses: readonly string[]): void {
    if (this.leaves + addresses.length > MAX_LEAVES) throw new RangeError('The Merkle Mountain Range is full')
    const peaks = this.peaks.copy()
    const nodes: Buffer[] = []
    for (const address of addresses) {
      if (!ADDRESS.test(address)) throw new TypeError(`Not an address: ${address}`)
      const leaf = Buffer.from(address, 'hex')
      nodes.push(leaf, ...peaks.push(0, leaf))
    }
    this.writeNodes(Buffer.concat(nodes), positionsOf(this.leaves) * NODE_BYTES)
    this.peaks = peaks
  }

  /** Cuts the range back to its first leaves. Not flushed. */
  truncate(leaves: number): void {
    if (leaves > this.leaves) throw new RangeError(`There are ${this.leaves} leaves, not ${leaves}`)
    const peaks = this.peaksAt(leaves)
    ftruncateSync(this.fd, positionsOf(leaves) * NODE_BYTES)
    this.peaks = peaks
  }

  sync(): void {
    fdatasyncSync(this.fd)
  }

  close(): void {
    closeSync(this.fd)
  }

  private peaksAt(leaves: number): PeakStack {
    const peaks = PeakStack.empty()
    for (const peak of peaksOf(leaves)) peaks.push(peak.height, this.node(peak))
    return peaks
  }

  private writeNodes(bytes: Buffer, offset: number): void {
    try {
      for (let done = 0; done < bytes.length;) {
        done += writeSync(this.fd, bytes, done, bytes.length - done, offset + done)
      }
    } catch (error) {
      ftruncateSync(this.fd, offset)
      throw error
    }
  }
}
