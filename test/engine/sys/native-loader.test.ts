import { build } from 'esbuild'
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newPlace } from './place.ts'

const root = join(import.meta.dirname, '../../..')

/** A package `ize` somewhere else, with a bundle two directories and another package.json below it. */
async function bundled(): Promise<{ path: string; run: () => { status: number | null; out: string } }> {
  const { path } = newPlace()
  const out = join(path, 'vendored/out')
  for (const directory of [out, join(path, 'native')]) mkdirSync(directory, { recursive: true })
  writeFileSync(join(path, 'package.json'), '{"name": "ize"}')
  writeFileSync(join(path, 'vendored/package.json'), '{"type": "commonjs"}')
  symlinkSync(join(root, 'native/ize.node'), join(path, 'native/ize.node'))
  await build({
    stdin: {
      contents: `import { setUmask } from './src-main/engine/sys/native.ts'\nconsole.log(setUmask(0o22) >= 0)`,
      resolveDir: root,
    },
    outfile: join(out, 'bundle.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    define: { 'import.meta.url': '__importMetaUrl' },
    banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href" },
  })
  const run = (): { status: number | null; out: string } => {
    const done = spawnSync(process.execPath, [join(out, 'bundle.cjs')], { encoding: 'utf8' })
    return { status: done.status, out: done.stdout + done.stderr }
  }
  return { path, run }
}

test('a bundle finds the addon of the package it lies in', async () => {
  const { run } = await bundled()
  expect(run()).toEqual({ status: 0, out: 'true\n' })
})

test('an addon that was never built is named with its remedy', async () => {
  const { path, run } = await bundled()
  rmSync(join(path, 'native/ize.node'))
  const { status, out } = run()
  expect(status).not.toBe(0)
  expect(out).toContain(`The native addon ${path}/native/ize.node cannot be loaded`)
  expect(out).toContain('node native/build.mjs')
})
