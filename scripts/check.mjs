// npm run check [-- --no-test]: everything that a change must hold to. Goes on after a failure and names all of them.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { longFiles } from './lib/long-files.mjs'
import { root } from './lib/root.mjs'
import { endChildrenOnSignal, execute, reportFailure, seconds } from './lib/run.mjs'
import { setup } from './lib/setup.mjs'
import { toRun } from './lib/system-packages.mjs'

const layers = ['src-main', 'src-preload', 'src-renderer', 'test', 'bench'].filter((f) => existsSync(join(root, f)))
const clippy = ['clippy', '--release', '--locked', '--workspace', '--all-targets', '--', '-D', 'warnings']
/** An empty answer is a pass. @type {[string, () => Promise<string>][]} */
const checks = [
  ['format (prettier)', () => command('npx', ['prettier', '--check', '--log-level', 'warn', '.'])],
  ['lint (eslint)', () => command('npx', ['eslint', '--max-warnings', '0', '.'])],
  ['layers (dependency-cruiser)', () => command('npx', ['depcruise', ...layers])],
  ['types (tsc)', types],
  ['length of files', longFiles],
  ['format (cargo fmt)', () => command('cargo', ['fmt', '--all', '--check'], 'native')],
  ['lint (cargo clippy)', () => command('cargo', clippy, 'native')],
  ['declarations of the native addon', () => command(process.execPath, ['native/build.mjs', '--check'])],
]

endChildrenOnSignal()
process.chdir(root)
try {
  await setup(toRun)
  if (!process.argv.includes('--no-test')) {
    const { code } = await execute(process.execPath, ['scripts/test.mjs'], { show: true })
    if (code !== 0) process.exitCode = 1
  }
  const failed = []
  // Last, since it is to find what the others wrote.
  for (const [name, check] of [...checks, /** @type {const} */ (['clean working tree', cleanTree])]) {
    const begun = performance.now()
    const complaint = await check()
    const state = complaint ? 'FAILED' : 'ok'
    console.log(`${name.padEnd(34)} ${state.padEnd(7)} ${seconds(performance.now() - begun)}`)
    if (!complaint) continue
    console.log(complaint.trimEnd())
    failed.push(name)
  }
  if (failed.length > 0) throw new Error(`check failed: ${failed.join(', ')}`)
} catch (error) {
  reportFailure(error)
}

async function command(program, args, folder = '.') {
  const { code, output } = await execute(program, args, { cwd: join(root, folder) })
  return code === 0 ? '' : output || `${program} ended with code ${code}`
}

async function types() {
  const projects = ['tsconfig.json', 'tsconfig.scripts.json', 'test/app/tsconfig.json']
  if (existsSync(join(root, 'src-renderer'))) projects.push('tsconfig.renderer.json')
  const complaints = []
  for (const project of projects) complaints.push(await command('npx', ['tsc', '--noEmit', '-p', project]))
  return complaints.join('')
}

async function cleanTree() {
  const { output } = await execute('git', ['status', '--porcelain'])
  return output && `not committed, or written by the tests:\n${output}`
}
