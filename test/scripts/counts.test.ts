import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cargoCounts, sum, vitestCounts } from '../../scripts/lib/counts.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ize-counts-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function report(values: object): string {
  const path = join(folder, 'report.json')
  writeFileSync(
    path,
    JSON.stringify({
      numPassedTests: 0,
      numFailedTests: 0,
      numPendingTests: 0,
      numTodoTests: 0,
      testResults: [],
      ...values,
    }),
  )
  return path
}

describe('counting vitest', () => {
  it('takes the numbers of the report', () => {
    const path = report({ numPassedTests: 7, numFailedTests: 2, numPendingTests: 1 })
    expect(vitestCounts(path, 1)).toEqual({ passed: 7, failed: 2, skipped: 1 })
  })

  it('counts a file that could not be loaded as a failed test', () => {
    const path = report({ numPassedTests: 3, testResults: [{ status: 'failed', assertionResults: [] }] })
    expect(vitestCounts(path, 1)).toEqual({ passed: 3, failed: 1, skipped: 0 })
  })

  it('counts a runner that failed though no test did', () => {
    expect(vitestCounts(report({ numPassedTests: 3 }), 1).failed).toBe(1)
  })

  it('counts a runner that died before it reported', () => {
    expect(vitestCounts(join(folder, 'absent.json'), 137).failed).toBe(1)
  })
})

describe('counting cargo', () => {
  const line = (passed: number, failed: number): string =>
    `test result: ${failed ? 'FAILED' : 'ok'}. ${passed} passed; ${failed} failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s\n`

  it('adds up the test binaries', () => {
    expect(cargoCounts(line(4, 0) + line(5, 1), 101)).toEqual({ passed: 9, failed: 1, skipped: 0 })
  })

  it('counts a crate that did not compile', () => {
    expect(cargoCounts('error: could not compile', 101)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })
})

it('sums the stages', () => {
  const stages = [
    { passed: 1, failed: 0, skipped: 2 },
    { passed: 3, failed: 4, skipped: 0 },
  ]
  expect(sum(stages)).toEqual({ passed: 4, failed: 4, skipped: 2 })
})
