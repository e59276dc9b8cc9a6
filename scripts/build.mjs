// Bundles the TypeScript sources into out/, one CommonJS file for each process and each thread.
// `node scripts/build.mjs` builds by hand; start, test and bench call `build()`.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { licences } from './lib/licences.mjs'
import { root } from './lib/root.mjs'

const fixedEntries = {
  cli: 'src-main/cli/main.ts',
  engine: 'src-main/engine/daemon.ts',
  bench: 'bench/main.ts',
}
/** What Electron runs: its own Node may be older than ours (docs/decisions). */
const electronEntries = { app: 'src-main/app/main.ts' }
/** Runs in the page's sandbox, which has no modules but Electron's. */
const preload = { preload: 'src-preload/preload.ts' }
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
  mkdirSync(join(out, 'renderer'), { recursive: true })
  /** @satisfies {import('esbuild').BuildOptions} */
  const common = {
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'warning',
  }
  /** @satisfies {import('esbuild').BuildOptions} */
  const node = {
    ...common,
    outdir: out,
    outExtension: { '.js': '.cjs' },
    platform: 'node',
    format: 'cjs',
    external: ['libsql', 'fuse-native', 'electron', '*.node'],
    // CommonJS has no import.meta: give the sources what they would have seen.
    define: {
      'import.meta.url': '__importMetaUrl',
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
    banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  }
  const pages = 'src-renderer'
  const results = await Promise.all([
    bundle({ ...node, target: 'node20', entryPoints: inAndOut(entries) }),
    bundle({ ...node, target: 'node16', entryPoints: inAndOut(Object.entries(electronEntries)) }),
    bundle({ ...node, banner: {}, define: {}, target: 'chrome108', entryPoints: preload }),
    bundle({
      ...common,
      outdir: join(out, 'renderer'),
      entryPoints: { main: `${pages}/main.tsx`, ...pageWorkers(pages) },
      format: 'iife',
      jsx: 'automatic',
      target: 'chrome108',
      minify: true,
      define: { 'process.env.NODE_ENV': '"production"' },
      legalComments: 'none',
    }),
  ])
  // Its service would stay for as long as we do.
  await stop()
  const index = { path: join(out, 'renderer/index.html'), contents: readFileSync(join(root, pages, 'index.html')) }
  const files = [...results.flatMap(({ outputFiles }) => outputFiles ?? []), index, await listOfLicences(out, results)]
  const changed = files.filter((file) => replaceIfChanged(file.path, file.contents)).length
  const current = new Set(files.map((file) => file.path))
  removeStale(out, current)
  removeStale(join(out, 'renderer'), current)
  return { bundles: [...entries.keys(), ...Object.keys(electronEntries), 'preload', 'renderer'], changed }
}

/** What of others went into the bundles; what only measures is not shipped. */
async function listOfLicences(out, results) {
  const path = join(out, 'renderer/licences.json')
  const inputs = results
    .flatMap(({ metafile }) => Object.entries(metafile?.outputs ?? {}))
    .filter(([name]) => name !== 'out/bench.cjs')
    .flatMap(([, { inputs }]) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([name]) => name)
  const text = await licences(inputs, existsSync(path) ? readFileSync(path, 'utf8') : null)
  return { path, contents: Buffer.from(text) }
}

/** @param {Iterable<[string, string]>} entries name and file */
function inAndOut(entries) {
  return [...entries].map(([name, file]) => ({ in: file, out: name }))
}

/** Threads of the page: each `*-worker.ts` is a script of its own. */
function pageWorkers(folder) {
  const files = filesBelow(folder).filter((file) => threadOrProcess.test(file))
  return Object.fromEntries(files.map((file) => [basename(file, '.ts'), file]))
}

/** Whoever reads the file meanwhile reads the old one or the new one, whole. */
export function replaceIfChanged(path, contents) {
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
    if (/\.(cjs|js|css)(\.map)?$/.test(name) && !current.has(join(out, name))) rmSync(join(out, name))
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const begun = performance.now()
  const { bundles, changed } = await build()
  const ms = Math.round(performance.now() - begun)
  console.log(`out/: ${bundles.join(', ') || 'nothing to build'} (${changed} files changed, ${ms} ms)`)
}
