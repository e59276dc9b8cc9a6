import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { Mmr, type MmrNodes } from '../../../../src-main/engine/store/mmr/mmr.ts'
import { PeakStack } from '../../../../src-main/engine/store/mmr/peak-stack.ts'
import { positionOf } from '../../../../src-main/engine/store/mmr/positions.ts'
import { hashBytes } from '../../../../src-main/engine/sys/native.ts'

/** The address of a seal that never was. */
export function address(n: number): string {
  return hashBytes(Buffer.from(`seal ${n}`), 'ize test')
}

export function addresses(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => address(from + index))
}

/** A path in a folder of its own that goes with the test. */
export function newFile(name = 'mmr'): string {
  const folder = mkdtempSync(join(tmpdir(), 'ize-seals-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, name)
}

export function mmrOf(leaves: readonly string[], file = newFile()): Mmr {
  const mmr = Mmr.open(file, 'append')
  onTestFinished(() => mmr.close())
  mmr.append(leaves)
  return mmr
}

/** The same without a file. */
export function mmrInMemory(leaves: readonly string[]): MmrNodes & { readonly root: string } {
  const peaks = PeakStack.empty()
  const nodes = leaves.map((leaf) => Buffer.from(leaf, 'hex')).flatMap((leaf) => [leaf, ...peaks.push(0, leaf)])
  return { leaves: leaves.length, node: (subtree) => nodes[positionOf(subtree)]!, root: peaks.root() }
}
