import { describe, expect, it } from 'vitest'
import { isMet, type Figure } from '../../bench/figure.ts'
import { orderOf, stepsFor, type Step } from '../../bench/rows/step.ts'
import { median, quantile } from '../../bench/statistics.ts'
import { amount, markdownTable, textTable } from '../../bench/table.ts'

const figure: Figure = {
  row: 'untar',
  title: 'untar 10 files',
  machine: 'idle',
  load: 'burst',
  unit: 's',
  values: { ext4: 0.5, bindfs: 8, ize: 2 },
  history: 5,
  target: '≤ 0.5 of bindfs',
  limit: 4,
  note: '',
}

describe('the table', () => {
  it('shows values, ratios and whether the target is met', () => {
    const line = textTable([figure]).split('\n')[2]
    expect(line?.split(/ {2,}/)).toEqual([
      'untar 10 files',
      'idle',
      'burst',
      '0.500 s',
      '8.00 s',
      '2.00 s',
      '4.00',
      '0.25',
      '5.00 s',
      '≤ 0.5 of bindfs',
      'yes',
    ])
  })

  it('says NO where Ize is above the limit, and nothing where there is none', () => {
    const missed = { ...figure, limit: 1.9 }
    expect(textTable([missed])).toMatch(/NO$/m)
    expect(isMet({ ...figure, limit: null })).toBeNull()
    expect(isMet({ ...figure, values: { ext4: 1 } })).toBeNull()
  })

  it('leaves out what was not measured', () => {
    const [, , line] = markdownTable([{ ...figure, values: { ize: 2 }, history: null }]).split('\n')
    expect(line).toBe('| untar 10 files | idle | burst |  |  | 2.00 s |  |  |  | ≤ 0.5 of bindfs | yes |')
  })

  it('tells each note once', () => {
    const noted = { ...figure, note: 'measured so' }
    expect(textTable([noted, noted]).match(/measured so/g)).toHaveLength(1)
  })

  it('gives three digits or so', () => {
    expect([0, 0.0123, 1.234, 12.34, 1234].map((value) => amount(value, 'ms'))).toEqual([
      '0 ms',
      '0.012 ms',
      '1.23 ms',
      '12.3 ms',
      '1234 ms',
    ])
  })
})

describe('statistics', () => {
  it('take the middle, and what falls between two values', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2.5)
    expect(quantile([10, 20], 0.99)).toBeCloseTo(19.9)
    expect(() => median([])).toThrow('nothing')
  })
})

describe('a suite', () => {
  const step = (row: string, needs: readonly string[]): Step => ({
    row,
    needs,
    title: row,
    atMost: 1,
    machines: [],
    cold: 'no',
    adds: null,
    run: () => Promise.resolve(0),
  })
  const suite = { repeats: 1, steps: [step('a', []), step('b', ['a']), step('c', ['b']), step('d', [])] }

  it('runs what a row needs, and no more', () => {
    expect(stepsFor(suite, (row) => row === 'c').map(({ row }) => row)).toEqual(['a', 'b', 'c'])
    expect(stepsFor(suite, (row) => row === 'd').map(({ row }) => row)).toEqual(['d'])
  })

  it('lets each place be first and last in turn', () => {
    const orders = [0, 1, 2].map(orderOf)
    expect(new Set(orders.map(([first]) => first)).size).toBe(3)
    for (const order of orders) expect([...order].sort()).toEqual(['bindfs', 'ext4', 'ize'])
  })
})
