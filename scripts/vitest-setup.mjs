// Before any test: the bundles of the processes and threads that tests start are those of the sources. After the last
// one: nothing is left of what they started.
import { build } from './build.mjs'
import { stockPijulPath } from './lib/stock-pijul.mjs'
import { buildTestPrograms } from './lib/test-programs.mjs'
import { beginTestRun } from './lib/test-run.mjs'

/**
 * Vitest loads this file and calls it for each of its projects, one beside the other: there is one run all the same.
 * @type {{projects: number, begun: Promise<() => string[]> | null}}
 */
const run = (globalThis[Symbol.for('ize test run')] ??= { projects: 0, begun: null })

export async function setup() {
  run.projects++
  await (run.begun ??= begin())
}

async function begin() {
  process.env.IZE_PIJUL = stockPijulPath()
  // `npm test` has built them a moment ago.
  if (process.env.IZE_BUILT !== '1') await build()
  await buildTestPrograms()
  return beginTestRun()
}

export async function teardown() {
  if (--run.projects > 0 || !run.begun) return
  const left = (await run.begun)()
  run.begun = null
  for (const sentence of left) console.error(sentence)
  if (left.length === 0) return
  process.exitCode = 1
  throw new Error('The tests left something behind.')
}
