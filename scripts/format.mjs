// npm run format: writes every file the way `npm run check` wants it.
import { join } from 'node:path'
import { root } from './lib/root.mjs'
import { endChildrenOnSignal, execute, reportFailure } from './lib/run.mjs'

endChildrenOnSignal()
try {
  const prettier = await execute('npx', ['prettier', '--write', '--log-level', 'warn', '.'], { show: true })
  const rustfmt = await execute('cargo', ['fmt', '--all'], { cwd: join(root, 'native'), show: true })
  process.exitCode = prettier.code || rustfmt.code
} catch (error) {
  reportFailure(error)
}
