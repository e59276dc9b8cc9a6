import fc from 'fast-check'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FIRST_STATE, StateFile, type LogState } from '../../../src-main/engine/oplog/state-file.ts'
import { change, newFolder } from './log-folder.ts'

const state: fc.Arbitrary<LogState> = fc.record({
  applied: fc.maxSafeNat(),
  recorded: fc.maxSafeNat(),
  nextIno: fc.maxSafeNat(),
  boot: fc.constantFrom('', '00000000000000a1', 'fedcba9876543210'),
  clean: fc.boolean(),
})

function withStates(states: readonly LogState[]): string {
  const dir = newFolder()
  const file = new StateFile(dir)
  for (const one of states) file.write(one)
  file.sync()
  file.close()
  return dir
}

function readState(dir: string): LogState {
  const file = new StateFile(dir)
  try {
    return file.read()
  } finally {
    file.close()
  }
}

test('the last state written is the one read, in this run and the next', () => {
  fc.assert(
    fc.property(fc.array(state, { maxLength: 5 }), (states) => {
      expect(readState(withStates(states))).toEqual(states.at(-1) ?? FIRST_STATE)
    }),
    { numRuns: 60 },
  )
})

test('any damage to the newest copy leaves the state before it, and the next write mends it', () => {
  fc.assert(
    fc.property(state, state, state, fc.nat(63), fc.integer({ min: 1, max: 255 }), (older, newer, next, at, mask) => {
      const dir = withStates([older, { ...newer, nextIno: older.nextIno }])
      change(join(dir, 'state'), (bytes) => {
        const newest = bytes.readBigUInt64LE(8) > bytes.readBigUInt64LE(72) ? 0 : 64
        bytes[newest + at] = (bytes[newest + at] ?? 0) ^ mask
      })
      const file = new StateFile(dir)
      expect(file.read()).toEqual(older)
      file.write(next)
      file.close()
      expect(readState(dir)).toEqual(next)
    }),
    { numRuns: 60 },
  )
})

test('a file with no valid copy is refused by name', () => {
  const dir = withStates([FIRST_STATE])
  change(join(dir, 'state'), (bytes) => {
    bytes[20] = 9
  })
  expect(() => new StateFile(dir)).toThrow(
    expect.objectContaining({ code: 'E_LOG_STATE_DAMAGED', data: { file: join(dir, 'state') } }),
  )
})

test('a first write that a crash cut short is no state', () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from('IZST'), Buffer.alloc(64)]) {
    const dir = newFolder()
    writeFileSync(join(dir, 'state'), bytes)
    expect(readState(dir)).toEqual(FIRST_STATE)
  }
})

test('the newest copy is found after many writes', () => {
  const dir = withStates(Array.from({ length: 301 }, (_, n) => ({ ...FIRST_STATE, applied: n })))
  expect(readState(dir).applied).toBe(300)
  expect(readFileSync(join(dir, 'state'))).toHaveLength(128)
})

test('damage to either copy never lowers the next inode number', () => {
  for (const damaged of [0, 64]) {
    const dir = withStates([
      { ...FIRST_STATE, nextIno: 500 },
      { ...FIRST_STATE, nextIno: 900 },
    ])
    change(join(dir, 'state'), (bytes) => {
      bytes[damaged + 20] = 0x77
    })
    expect(readState(dir).nextIno).toBe(900)
  }
})
