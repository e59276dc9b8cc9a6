// How many tests passed and failed, read from what the runners report. A run that broke counts as one failed test.
import { existsSync, readFileSync } from 'node:fs'

/** @typedef {{passed: number, failed: number, skipped: number}} Counts */

/**
 * @param {string} path the file that vitest's json reporter wrote
 * @param {number} code vitest's exit code
 * @returns {Counts}
 */
export function vitestCounts(path, code) {
  if (!existsSync(path)) return { passed: 0, failed: 1, skipped: 0 }
  const report = JSON.parse(readFileSync(path, 'utf8'))
  // A file that could not be loaded has no tests in the report; it counts as one that failed.
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length
  return broken(code, {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded,
    skipped: report.numPendingTests + report.numTodoTests,
  })
}

/**
 * @param {string} output of `cargo test`: one `test result:` line for each test binary
 * @param {number} code cargo's exit code
 * @returns {Counts}
 */
export function cargoCounts(output, code) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const line of output.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/gm)) {
    counts.passed += Number(line[1])
    counts.failed += Number(line[2])
    counts.skipped += Number(line[3])
  }
  return broken(code, counts)
}

function broken(code, counts) {
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}

/** @param {Counts[]} all @returns {Counts} */
export function sum(all) {
  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const { passed, failed, skipped } of all) {
    total.passed += passed
    total.failed += failed
    total.skipped += skipped
  }
  return total
}
