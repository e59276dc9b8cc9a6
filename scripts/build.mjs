// Bundles the TypeScript sources into out/, one CommonJS file for each process and each thread.
// `node scripts/build.mjs` builds by hand; start, test and bench call `build()`.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './lib/root.mjs'

const fixedEntries = {
  cli: 'src-main/cli/main.ts',
  engine: 'src-main/engine/daemon.ts',
  bench: 'bench/main.ts',
}
const threadOrProcess = /-(worker|process)\.ts$/

/** The entry points that exist: the fixed ones, and every `*-worker.ts` and `*-process.ts` of the engine. */
function findEntries() {
  const entries = new Map()
  const add = (name, file) => {
    const other = entries.get(name)
    if (other) throw new Error(`${file} and ${other} would both become out/${name}.cjs: rename one of them.`)
    entries.set(name, file)
  }
  for (const [name, file] of Object.entries(fixedEntries)) if (existsSync(join(root, file))) add(name, file)
  for (const folder of ['src-main/engine', 'bench']) {
    for (const file of filesBelow(folder)) if (threadOrProcess.test(file)) add(basename(file, '.ts'), file)
  }
  return entries
}

function filesBelow(folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .sort()
}

/**
 * Builds whatever entry points exist. A bundle is replaced by rename, and only when it differs, so a process that is
 * starting from out/ never reads half a file.
 * @returns {Promise<{bundles: string[], changed: number}>}
 */
export async function build() {
  const { build: bundle, stop } = await import('esbuild')
  const entries = findEntries()
  const out = join(root, 'out')
  mkdirSync(out, { recursive: true })
  const result = await bundle({
    absWorkingDir: root,
    entryPoints: [...entries].map(([name, file]) => ({ in: file, out: name })),
    outdir: out,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'linked',
    sourcesContent: false,
    external: ['libsql', 'fuse-native', 'electron', '*.node'],
    // CommonJS has no import.meta: give the sources what they would have seen.
    define: {
      'import.meta.url': '__importMetaUrl',
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
    banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'warning',
  })
  // Its service would stay for as long as we do.
  await stop()
  const changed = result.outputFiles.filter((file) => replaceIfChanged(file.path, file.contents)).length
  removeStale(out, new Set(result.outputFiles.map((file) => file.path)))
  return { bundles: [...entries.keys()], changed }
}

function replaceIfChanged(path, contents) {
  try {
    if (readFileSync(path).equals(contents)) return false
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  const temporary = `${path}.${process.pid}.tmp`
  writeFileSync(temporary, contents)
  renameSync(temporary, path)
  return true
}

function removeStale(out, current) {
  for (const name of readdirSync(out)) {
    if (/\.cjs(\.map)?$/.test(name) && !current.has(join(out, name))) rmSync(join(out, name))
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const begun = performance.now()
  const { bundles, changed } = await build()
  const ms = Math.round(performance.now() - begun)
  console.log(`out/: ${bundles.join(', ') || 'nothing to build'} (${changed} files changed, ${ms} ms)`)
}
