// Before any test: the bundles of the processes and threads that tests start are those of the sources. After the last
// one: nothing is left of what they started.
import { build } from './build.mjs'
import { stockPijulPath } from './lib/stock-pijul.mjs'
import { buildTestPrograms } from './lib/test-programs.mjs'
import { beginTestRun } from './lib/test-run.mjs'

/** Ends the run. Vitest calls for each of its projects, one beside the other. @type {Promise<() => string[]> | null} */
let run = null

export async function setup() {
  run ??= begin()
  await run
}

async function begin() {
  process.env.IZE_PIJUL = stockPijulPath()
  // `npm test` has built them a moment ago.
  if (process.env.IZE_BUILT !== '1') await build()
  await buildTestPrograms()
  return beginTestRun()
}

export async function teardown() {
  const ending = run
  run = null
  if (!ending) return
  const left = (await ending)()
  for (const sentence of left) console.error(sentence)
  if (left.length === 0) return
  process.exitCode = 1
  throw new Error('The tests left something behind.')
}
