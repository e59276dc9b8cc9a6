// The stages of `npm test`: each runs to its end, whatever the others did, and is counted and timed.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cargoCounts, vitestCounts } from './counts.mjs'
import { root } from './root.mjs'
import { execute } from './run.mjs'

const minutes = (n) => n * 60_000

/**
 * @typedef {{name: string, folders: string[], needsStockPijul: boolean, needsElectron: boolean, beside: boolean,
 *   run: () => Promise<import('./counts.mjs').Counts>}} Stage
 *   `beside`: it runs beside the others from the beginning, at low priority, and shows nothing but what went wrong
 */

const plain = { needsStockPijul: false, needsElectron: false, beside: false }
const pijul = { ...plain, needsStockPijul: true }
const electron = { ...plain, needsElectron: true }

/** In the order in which they run; those that need the stock pijul come after its build. @type {Stage[]} */
export const stages = [
  { name: 'rust', folders: ['native/core'], ...plain, beside: true, run: rust },
  vitest('unit', minutes(15), plain, unitFolders()),
  vitest('mount', minutes(20), plain),
  vitest('crash', minutes(30), pijul),
  vitest('interop', minutes(30), pijul),
  vitest('e2e', minutes(20), pijul),
  vitest('app', minutes(30), electron),
  vitest('package', minutes(10), electron),
]

function unitFolders() {
  if (!existsSync(join(root, 'test'))) return []
  return readdirSync(join(root, 'test'))
    .filter((name) => !['mount', 'crash', 'interop', 'e2e', 'app', 'package', 'fixtures', 'support'].includes(name))
    .map((name) => `test/${name}`)
}

/** Optimised, and the whole workspace, so that the dependencies are those the addon was built with, and not built twice. */
async function rust() {
  const args = ['cargo', 'test', '--release', '--locked', '--workspace']
  const { code, output } = await execute('nice', args, { cwd: join(root, 'native'), limitMs: minutes(20) })
  if (code !== 0) console.log(`\n== rust\n${output.trimEnd()}`)
  return cargoCounts(output, code)
}

function vitest(name, limitMs, needs, folders = [`test/${name}`]) {
  const run = async () => {
    const report = join(root, `out/test-results/${name}.json`)
    mkdirSync(join(report, '..'), { recursive: true })
    rmSync(report, { force: true })
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', name, ...reporters]
    const env = { IZE_BUILT: '1' }
    const { code } = await execute(process.execPath, args, { env, show: true, label: name, limitMs })
    return vitestCounts(report, code)
  }
  return { name, folders, ...needs, run }
}

/** A stage whose folder does not exist is none; one whose folder holds no test must not pass for green. */
export function exists(stage) {
  return stage.folders.some((folder) => existsSync(join(root, folder)))
}
