import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExtentMap } from '../../../src-main/engine/namespace/extent-map.ts'

const SIZE = 3000

/** What the map says of each byte: where it stands in the log, a negative number for zeros, 0 for nothing. */
function bytesOf(map: ExtentMap, from = 0, to = SIZE): number[] {
  const bytes = new Array<number>(SIZE).fill(0)
  let last = from
  map.visit(from, to, (offset, end, position) => {
    expect(offset).toBeGreaterThanOrEqual(last)
    expect(end).toBeGreaterThan(offset)
    expect(end).toBeLessThanOrEqual(to)
    for (let at = offset; at < end; at++) bytes[at] = position < 0 ? position : position + at - offset
    last = end
  })
  return bytes
}

const range = fc.tuple(fc.nat(SIZE), fc.nat(SIZE)).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))
const small = fc.tuple(fc.nat(SIZE - 40), fc.nat(40)).map(([from, length]) => ({ from, to: from + length }))
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('insert' as const), at: fc.oneof(range, small, small) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('zero' as const), at: range }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), at: range }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('truncate' as const), at: range }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), at: range }) },
)

describe('an extent map', () => {
  it('is an array of bytes, whatever is written, cut and dropped', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), range, (steps, window) => {
        const map = new ExtentMap()
        const model = new Array<number>(SIZE).fill(0)
        // Positions grow as they do in a log.
        let position = 1
        for (const { do: what, at } of steps) {
          const { from, to } = at
          if (what === 'insert' || what === 'zero') {
            map.insert(from, to, what === 'zero' ? -position : position)
            for (let i = from; i < to; i++) model[i] = what === 'zero' ? -position : position + i - from
            position += to - from + 1
          } else if (what === 'drop') {
            const before = Math.floor((position * from) / SIZE)
            map.dropBefore(before)
            // An extent goes as a whole, by where its first byte that is left stands.
            const left = new Array<number>(SIZE).fill(0)
            for (const run of runs(model)) {
              if (Math.abs(run.position) < before) continue
              for (let i = run.from; i < run.to; i++) left[i] = model[i] as number
            }
            for (let i = 0; i < SIZE; i++) model[i] = left[i] as number
          } else {
            if (what === 'remove') map.remove(from, to)
            else map.truncate(from)
            model.fill(0, from, what === 'remove' ? to : SIZE)
          }
        }
        expect(bytesOf(map)).toEqual(model)
        const clipped = model.map((byte, i) => (i >= window.from && i < window.to ? byte : 0))
        expect(bytesOf(map, window.from, window.to)).toEqual(clipped)
      }),
      { numRuns: 300 },
    )
  })

  it('stays small and right under many random writes', () => {
    const map = new ExtentMap()
    const model = new Array<number>(SIZE).fill(0)
    let state = 7
    for (let n = 1; n <= 20_000; n++) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      const from = state % (SIZE - 3)
      map.insert(from, from + 3, n * 10)
      for (let i = 0; i < 3; i++) model[from + i] = n * 10 + i
    }
    expect(bytesOf(map)).toEqual(model)
    expect(map.size).toBeLessThanOrEqual(SIZE)
  })
})

/** Bytes that one write, or what is left of it in one piece, put there. */
function runs(model: readonly number[]): { from: number; to: number; position: number }[] {
  const found: { from: number; to: number; position: number }[] = []
  for (let i = 0; i < model.length; i++) {
    const position = model[i] as number
    if (position === 0) continue
    const last = found.at(-1)
    const next = last && (last.position < 0 ? last.position : last.position + i - last.from)
    if (last?.to === i && next === position) last.to++
    else found.push({ from: i, to: i + 1, position })
  }
  return found
}
