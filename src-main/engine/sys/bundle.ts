import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The file of a thread or process that the build made (`*-worker.ts`, `*-process.ts`): beside this bundle, or in out/ when run from the sources. */
export function bundleFile(name: string): string {
  const here = fileURLToPath(import.meta.url)
  const out = here.endsWith('.ts') ? join(dirname(here), '../../../out') : dirname(here)
  return join(out, `${name}.cjs`)
}
