// Programs of the tests that run as processes of their own, bundled into out/, beside the threads that they start.
import { join } from 'node:path'
import { replaceIfChanged } from '../build.mjs'
import { root } from './root.mjs'

const programs = ['crash-player', 'twin-engine', 'twin-player']

export async function buildTestPrograms() {
  const { build, stop } = await import('esbuild')
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: programs.map((name) => `test/support/${name}.ts`),
    outdir: 'out',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  })
  await stop()
  for (const { path, contents } of outputFiles) replaceIfChanged(path, contents)
}

/** @param {string} name */
export function testProgram(name) {
  return join(root, 'out', `${name}.mjs`)
}
