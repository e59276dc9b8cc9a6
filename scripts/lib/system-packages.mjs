// What Ize, its tests and its bench need from the operating system: found by looking, installed through apt when root.
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { commandTask } from './run.mjs'

const onPath = (command) => () =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => folder && existsSync(join(folder, command)))
const header = (path) => () => existsSync(join('/usr/include', path))
const library = (name) => () =>
  ['/lib', '/usr/lib', '/usr/local/lib']
    .flatMap((folder) => [folder, ...multiarch(folder)])
    .some((folder) => existsSync(join(folder, name)))

function multiarch(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('-linux-gnu'))
    .map((name) => join(folder, name))
}

/** Debian package -> whether it is there. */
const build = { 'build-essential': onPath('cc'), 'pkg-config': onPath('pkg-config') }
export const toRun = { fuse3: onPath('fusermount3'), ...build }
export const toTest = {
  ...toRun,
  libfuse2: library('libfuse.so.2'),
  'libsodium-dev': header('sodium.h'),
  'libssl-dev': header('openssl/ssl.h'),
  attr: onPath('setfattr'),
  git: onPath('git'),
  'inotify-tools': onPath('inotifywait'),
  rsync: onPath('rsync'),
  sqlite3: onPath('sqlite3'),
  vim: onPath('vim'),
  zstd: onPath('zstd'),
  'emacs-nox': onPath('emacs'),
}
export const toBench = { ...toRun, bindfs: onPath('bindfs'), git: onPath('git') }

/**
 * Installs what is missing.
 * @param {Record<string, () => boolean>} needed
 * @throws {Error} with the one line to type, when we are not root or there is no apt
 */
export async function systemPackages(needed) {
  const missing = Object.keys(needed).filter((name) => !needed[name]?.())
  if (missing.length === 0) return
  const line = `apt-get install -y ${missing.join(' ')}`
  if (process.getuid?.() !== 0) throw new Error(`missing system packages. Type this once: sudo ${line}`)
  if (!onPath('apt-get')()) {
    throw new Error(`install these with the system's package manager (Debian's names): ${missing.join(' ')}`)
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const wait = ['-o', 'DPkg::Lock::Timeout=300']
  await commandTask('System packages: list', 'apt-get', [...wait, 'update'], { env })
  const install = [...wait, 'install', '-y', '--no-install-recommends', ...missing]
  await commandTask(`System packages: ${missing.join(' ')}`, 'apt-get', install, { env })
}
