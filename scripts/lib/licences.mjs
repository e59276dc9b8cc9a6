// Whose work is shipped, under which licence, and the text of it: npm packages in the bundles and beside them, and Rust
// crates in the addon.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './root.mjs'

/** Shipped as they are, in no bundle. */
const beside = ['libsql', '@libsql', '@neon-rs/load', 'detect-libc', 'fuse-native']
/** The runtime; the texts of its own lie beside it. */
const runtime = [
  { name: 'Electron', version: '', licence: 'MIT', texts: ['See LICENSE.electron.txt beside the program.'] },
  { name: 'Chromium and Node.js', version: '', licence: 'BSD-3-Clause, MIT and others' },
].map((one) => ({ texts: ['See LICENSES.chromium.html beside the program.'], ...one }))
const textName = /^(licen[cs]e|copying|copyright|notice|unlicense)/i

/**
 * @typedef {{name: string, version: string, licence: string, texts: string[]}} Package
 * @param {string[]} inputs files that went into the bundles, from the checkout's folder
 * @param {string | null} before what was made last, which stands while the packages are the same
 * @returns {Promise<string>} licences.json of the pages
 */
export async function licences(inputs, before) {
  const folders = [...new Set([...inputs.map(packageFolder), ...besideFolders()])].filter((folder) => folder !== null)
  const lock = readFileSync(join(root, 'native/Cargo.lock'))
  const key = createHash('sha256')
    .update([...folders].sort().join('\n'))
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(lock)
    .digest('hex')
  if (before !== null && JSON.parse(before).key === key) return before
  const packages = [...runtime, ...folders.map(npmPackage), ...(await crates())]
    .map(withOurs)
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { sensitivity: 'base' }))
  const texts = new Map()
  const numbered = packages.map(({ texts: own, ...one }) => ({
    ...one,
    texts: own.map((text) => texts.get(text) ?? texts.set(text, texts.size).size - 1),
  }))
  return `${JSON.stringify({ key, packages: numbered, texts: [...texts.keys()] })}\n`
}

/** `node_modules/a/node_modules/b` of a file in it; null: it is of Ize itself. */
function packageFolder(file) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? null
}

/** A scope stands for what of it is installed here. */
function besideFolders() {
  return beside
    .map((name) => `node_modules/${name}`)
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      existsSync(join(root, folder, 'package.json'))
        ? [folder]
        : readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
    )
}

/** @returns {Package} */
function npmPackage(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  if (typeof license !== 'string') throw new Error(`${folder}/package.json names no licence`)
  return { name, version, licence: license, texts: textsIn(join(root, folder)) }
}

/**
 * What is linked into the addon: no tests, no build scripts, no macros.
 * @returns {Promise<Package[]>}
 */
async function crates() {
  const args = ['metadata', '--format-version', '1', '--locked', '--offline', '--filter-platform', platform()]
  const { stdout } = await promisify(execFile)('cargo', args, {
    cwd: join(root, 'native'),
    maxBuffer: 64 * 1024 * 1024,
  }).catch((cause) => {
    throw new Error('cargo cannot tell the licences of the crates: build the addon first (node native/build.mjs)', {
      cause,
    })
  })
  const { packages, resolve } = JSON.parse(stdout)
  const byId = new Map(packages.map((one) => [one.id, one]))
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]))
  const linked = new Set()
  const follow = (id) => {
    const one = byId.get(id)
    if (linked.has(id) || one.targets.some(({ kind }) => kind.includes('proc-macro'))) return
    linked.add(id)
    for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps) if (kinds.some(({ kind }) => kind === null)) follow(pkg)
  }
  for (const one of packages) if (one.name === 'ize-binding') follow(one.id)
  return [...linked]
    .map((id) => byId.get(id))
    .filter(({ source }) => source !== null)
    .map(({ name, version, license, manifest_path: manifest }) => ({
      name,
      version,
      licence: (license ?? 'in its text').replaceAll('/', ' OR '),
      texts: textsIn(join(manifest, '..')),
    }))
}

/** Where a package under a GPL that later ones may replace brings no text, that of Ize is the one. */
function withOurs(one) {
  if (one.texts.length > 0 || !/^GPL-[23]\.0-or-later$/.test(one.licence)) return one
  return { ...one, texts: [readFileSync(join(root, 'LICENSE'), 'utf8').trim()] }
}

function platform() {
  return process.arch === 'arm64' ? 'aarch64-unknown-linux-gnu' : 'x86_64-unknown-linux-gnu'
}

function textsIn(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && textName.test(entry.name))
    .map(({ name }) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim())
    .filter((text) => text !== '')
}
