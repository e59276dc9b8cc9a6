import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { encodeSeal, sealAddress, sealOf } from '../../../../src-main/engine/store/seals/seal.ts'
import { hashBytes } from '../../../../src-main/engine/sys/native.ts'

/** A folder that goes with the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ize-seals-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function someAddress(of: string): string {
  return hashBytes(Buffer.from(of), 'ize test')
}

/** The bytes of seals 1 to `count` of a project in which every change leaves the same tree. */
export function someSeals(count: number, tree = someAddress('tree')): Buffer[] {
  const seals: Buffer[] = []
  for (let n = 1; n <= count; n++) {
    const before = seals.at(-1)
    const seal = sealOf({
      change: {
        n,
        hash: `HASH${n}`,
        state: `STATE${n}`,
        message: `${n.toString(16).padStart(16, '0')}\nedit: caf\u00e9.txt`,
        metadata: {
          kind: 'edit',
          first: 10 * n,
          last: 10 * n + 7,
          time: [1_764_000_000 + n, 123_456_789],
          programs: [
            { name: 'vim', pid: 4711, start: 1 },
            { name: 'git', pid: 4712, start: 2 },
            { name: 'vim', pid: 4713, start: 3 },
          ],
        },
      },
      tree,
      parent: before ? sealAddress(before) : null,
      author: 'Ada <ada@example.org>',
    })
    seals.push(encodeSeal(seal))
  }
  return seals
}
