// npm run bench [-- arguments]: sets up what is missing, then runs bench/main.ts.
import { join } from 'node:path'
import { electronRuntime } from './lib/electron-runtime.mjs'
import { root } from './lib/root.mjs'
import { endChildrenOnSignal, execute, reportFailure } from './lib/run.mjs'
import { setup } from './lib/setup.mjs'
import { toBench } from './lib/system-packages.mjs'

endChildrenOnSignal()
try {
  await setup(toBench)
  const args = process.argv.slice(2)
  const env = { IZE_BENCH_ELECTRON: wantsApp(args) ? await electron() : undefined }
  const { code } = await execute(process.execPath, [join(root, 'out/bench.cjs'), ...args], { show: true, env })
  process.exitCode = code
} catch (error) {
  reportFailure(error)
}

/** Its rows are asked for, or all are. */
function wantsApp(args) {
  return !args.includes('--only') || args.some((word) => word.startsWith('app-'))
}

/** Without one, all but the app is measured. */
async function electron() {
  try {
    return (await electronRuntime(console.error)).executable
  } catch (error) {
    console.error(error.message)
    return undefined
  }
}
