// npm run bench [-- arguments]: sets up what is missing, then runs bench/main.ts.
import { join } from 'node:path'
import { root } from './lib/root.mjs'
import { endChildrenOnSignal, execute, reportFailure } from './lib/run.mjs'
import { setup } from './lib/setup.mjs'
import { toBench } from './lib/system-packages.mjs'

endChildrenOnSignal()
try {
  await setup(toBench)
  const { code } = await execute(process.execPath, [join(root, 'out/bench.cjs'), ...process.argv.slice(2)], {
    show: true,
  })
  process.exitCode = code
} catch (error) {
  reportFailure(error)
}
