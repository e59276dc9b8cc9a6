import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Identity } from '../../../src-main/engine/namespace/identity.ts'
import { Sidecar } from '../../../src-main/engine/namespace/sidecar.ts'
import type { Ino } from '../../../src-main/engine/oplog/operation.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ize-sidecar-'))
  file = join(folder, 'identities')
})
afterEach(() => rmSync(folder, { recursive: true }))

const directory = 7 as Ino
const identity = (ino: number): Identity => ({
  ino: ino as Ino,
  mode: 0o777,
  sparse: false,
  ctimeSec: ino,
  ctimeNsec: 1,
  btimeSec: 2,
  btimeNsec: 3,
  applied: 0,
})

describe('the table of identities', () => {
  it('comes back as it was left: the last entry of a name counts', () => {
    const table = new Sidecar(file)
    table.put(directory, 'a\n\xff', identity(10))
    table.put(directory, 'b', identity(11))
    table.put(directory, 'a\n\xff', identity(12))
    table.put(directory, 'b', null)
    table.put(directory, 'never there', null)
    table.close()
    const again = new Sidecar(file)
    expect(again.get(directory, 'a\n\xff')).toEqual(identity(12))
    expect(again.get(directory, 'b')).toBeUndefined()
    expect(again.get(8 as Ino, 'a\n\xff')).toBeUndefined()
  })

  it('cut anywhere, holds whole entries only, from the beginning', () => {
    const table = new Sidecar(file)
    for (let n = 0; n < 5; n++) table.put(directory, `name ${n}`, identity(20 + n))
    table.close()
    const whole = readFileSync(file)
    for (let length = whole.length; length >= 0; length--) {
      writeFileSync(file, whole)
      truncateSync(file, length)
      const cut = new Sidecar(file)
      const there = [0, 1, 2, 3, 4].map((n) => cut.get(directory, `name ${n}`) !== undefined)
      expect(there).toEqual([0, 1, 2, 3, 4].map((n) => n < Math.floor(length / (whole.length / 5))))
    }
  })

  it('torn, takes new entries behind what is whole', () => {
    const table = new Sidecar(file)
    table.put(directory, 'kept', identity(1))
    table.put(directory, 'torn', identity(2))
    table.close()
    truncateSync(file, statSync(file).size - 1)
    const after = new Sidecar(file)
    after.put(directory, 'later', identity(3))
    after.close()
    const again = new Sidecar(file)
    expect(again.get(directory, 'kept')).toEqual(identity(1))
    expect(again.get(directory, 'torn')).toBeUndefined()
    expect(again.get(directory, 'later')).toEqual(identity(3))
  })

  it('is written anew when most of it is old, and stays the same table', () => {
    const table = new Sidecar(file)
    table.put(directory, 'lasting', identity(5))
    for (let n = 0; n < 5000; n++) table.put(directory, 'busy', identity(100 + n))
    table.close()
    const entry = 64 + 'lasting'.length
    expect(statSync(file).size).toBeLessThan(1200 * entry)
    const again = new Sidecar(file)
    expect(again.get(directory, 'lasting')).toEqual(identity(5))
    expect(again.get(directory, 'busy')).toEqual(identity(5099))
  })
})
