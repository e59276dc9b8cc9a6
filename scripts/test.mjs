// npm test [-- stage…]: sets up what is missing, runs the stages, and ends with the line `N passed, M failed`.
import { sum } from './lib/counts.mjs'
import { electronRuntime } from './lib/electron-runtime.mjs'
import { root } from './lib/root.mjs'
import { CommandFailed, endChildrenOnSignal, seconds } from './lib/run.mjs'
import { setup } from './lib/setup.mjs'
import { exists, stages } from './lib/stages.mjs'
import { stockPijul } from './lib/stock-pijul.mjs'
import { systemPackages, toTest } from './lib/system-packages.mjs'

/** @typedef {{name: string, ms: number, counts: import('./lib/counts.mjs').Counts, note?: string}} Row */

endChildrenOnSignal()
process.chdir(root)
const began = performance.now()
const rows = /** @type {Row[]} */ ([])
const none = { passed: 0, failed: 0, skipped: 0 }
const wanted = chosenStages(process.argv.slice(2))

if (await step('system packages', () => systemPackages(toTest))) {
  // The slowest build goes on in the background, at low priority, beside the stages that do not need it.
  const pijul = wanted.some((stage) => stage.needsStockPijul) ? step('stock pijul (background)', stockPijul) : undefined
  const ready =
    (await step('npm packages, native addon, bundles', () => setup({}))) &&
    (!wanted.some((stage) => stage.needsElectron) || (await step('electron', electronRuntime)))
  if (ready) await runStages(pijul)
  await pijul
}
closing()

/** @param {string[]} names */
function chosenStages(names) {
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name))
  if (unknown.length > 0) {
    console.error(`no such stage: ${unknown.join(', ')}. There are ${stages.map((s) => s.name).join(', ')}.`)
    process.exit(2)
  }
  return stages.filter((stage) => exists(stage) && (names.length === 0 || names.includes(stage.name)))
}

async function runStages(pijul) {
  const names = wanted.map(({ name, beside }) => (beside ? `${name} (beside the others)` : name))
  console.log(`\nStages: ${names.join(', ')}`)
  const besides = wanted.filter(({ beside }) => beside).map((stage) => runStage(stage))
  for (const stage of wanted.filter(({ beside }) => !beside)) {
    const note = stage.needsStockPijul && !(await pijul) ? 'no stock pijul' : undefined
    console.log(`\n== ${stage.name}${note ? `: ${note}, not run` : ''}`)
    await runStage(stage, note)
  }
  await Promise.all(besides)
}

/** @param {string} [note] why it cannot run, which counts as a failed test */
async function runStage(stage, note) {
  await timed(stage.name, async () => {
    if (note) return { counts: { ...none, failed: 1 }, note }
    const counts = await stage.run()
    const ran = counts.passed + counts.failed + counts.skipped > 0
    return ran ? { counts } : { counts: { ...none, failed: 1 }, note: 'no tests' }
  })
}

/** A part of the set-up: counts as a failed test when it fails. @returns {Promise<boolean>} whether it succeeded */
async function step(name, work) {
  return timed(name, async () => {
    await work()
    return { counts: none }
  })
}

/** @param {() => Promise<Omit<Row, 'name' | 'ms'>>} work @returns {Promise<boolean>} */
async function timed(name, work) {
  const begun = performance.now()
  let outcome
  try {
    outcome = await work()
  } catch (error) {
    if (error instanceof CommandFailed) console.error(error.output.trimEnd())
    console.error(`${name}: ${error.message}`)
    outcome = { counts: { ...none, failed: 1 }, note: 'broke off' }
  }
  rows.push({ name, ms: performance.now() - begun, ...outcome })
  return outcome.counts.failed === 0
}

function closing() {
  const width = Math.max(...rows.map((row) => row.name.length))
  console.log('')
  for (const { name, ms, counts, note } of rows) {
    const numbers = Object.values(counts).some(Boolean)
      ? `${counts.passed} passed, ${counts.failed} failed${counts.skipped ? `, ${counts.skipped} skipped` : ''}`
      : ''
    console.log(`${name.padEnd(width)}  ${seconds(ms).padStart(12)}  ${numbers}${note ? ` (${note})` : ''}`.trimEnd())
  }
  const total = sum(rows.map((row) => row.counts))
  if (total.failed > 0 || total.passed === 0) process.exitCode = 1
  console.log(`${'all'.padEnd(width)}  ${seconds(performance.now() - began).padStart(12)}`)
  console.log(`\n${total.passed} passed, ${total.failed} failed`)
}
