// Brings a checkout to where it runs, doing only what is not done yet.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from '../build.mjs'
import { root } from './root.mjs'
import { commandTask } from './run.mjs'
import { systemPackages } from './system-packages.mjs'

const stampFile = join(root, 'out/native.stamp')

/**
 * System packages, npm packages, native addon and bundles; the two slow ones beside each other.
 * @param {Record<string, () => boolean>} needed system packages, from system-packages.mjs
 */
export async function setup(needed) {
  const begun = performance.now()
  await systemPackages(needed)
  await Promise.all([npmPackages(), nativeAddon()])
  const { changed } = await build()
  const s = ((performance.now() - begun) / 1000).toFixed(1)
  console.log(`Set up in ${s} s${changed ? ' (bundles built)' : ' (nothing to build)'}`)
}

/** `npm ci`, when what is installed is not what package-lock.json names. */
export async function npmPackages() {
  if (installedAsLocked()) return
  await commandTask('npm packages', 'npm', ['ci', '--no-progress', '--loglevel=error'])
}

function installedAsLocked() {
  const hidden = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(hidden)) return false
  const installed = JSON.parse(readFileSync(hidden, 'utf8')).packages
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  // Optional packages are those of other platforms too: npm leaves them out.
  return Object.entries(locked).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  )
}

/** native/ize.node, when its sources are not those it was last built from here. */
export async function nativeAddon() {
  const stamp = nativeStamp()
  const current = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp
  if (current && existsSync(join(root, 'native/ize.node'))) return
  await commandTask('Native addon (Rust)', process.execPath, ['native/build.mjs'])
  mkdirSync(join(root, 'out'), { recursive: true })
  writeFileSync(stampFile, stamp)
}

function nativeStamp() {
  const hash = createHash('sha256').update(process.arch)
  for (const file of nativeSources('native')) hash.update(`${file}\0`).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

function nativeSources(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return entry.name === 'target' ? [] : nativeSources(path)
      return /\.(rs|toml|lock|mjs)$/.test(entry.name) ? [path] : []
    })
}
