// A Debian package out of the built app's folder, with what a desktop wants to know about it.
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './root.mjs'
import { CommandFailed, execute } from './run.mjs'

const id = 'io.github.ize.Ize'
/** Menus of the file manager. Only who has no other than Files (Nautilus) gets its Python. */
const menus = 'python3-nautilus | dolphin | thunar | nemo | caja | pcmanfm | pcmanfm-qt'
const architectures = { x64: 'amd64', arm64: 'arm64' }
const depends = [
  'fuse3',
  'libgtk-3-0 | libgtk-3-0t64',
  'libnotify4',
  'libnss3',
  'libxss1',
  'libsecret-1-0',
  'libgbm1',
].concat(['libasound2 | libasound2t64', 'xdg-utils'])

/** Refreshes what desktops keep of menus, links and icons. dpkg does that by triggers where the tools are installed. */
const afterwards = `#!/bin/sh
set -e
if command -v update-desktop-database > /dev/null; then update-desktop-database -q || true; fi
if command -v gtk-update-icon-cache > /dev/null; then gtk-update-icon-cache -q -t -f /usr/share/icons/hicolor || true; fi
`

/** What Python made of the extension when root ran it. */
const before = `#!/bin/sh
set -e
rm -f /usr/share/nautilus-python/extensions/__pycache__/ize.*.pyc
rmdir /usr/share/nautilus-python/extensions/__pycache__ 2> /dev/null || true
`

/**
 * @param {{app: string, folder: string, version: string, description: string, needsNode: boolean,
 *   compression: string[]}} of
 *   `app`: the built app; `folder`: where the package and its tree go; `needsNode`: the runtime's own Node is too old
 * @returns {Promise<string>} path of the package
 */
export async function makeDeb({ app, folder, version, description, needsNode, compression }) {
  const architecture = architectures[process.arch]
  const tree = join(folder, 'deb')
  rmSync(tree, { recursive: true, force: true })
  put(app, join(tree, 'opt/Ize'))
  put(join(root, 'assets/linux', `${id}.desktop`), join(tree, `usr/share/applications/${id}.desktop`))
  put(join(root, 'assets/linux', `${id}.metainfo.xml`), join(tree, `usr/share/metainfo/${id}.metainfo.xml`))
  put(join(root, 'assets/icon.svg'), join(tree, 'usr/share/icons/hicolor/scalable/apps/ize.svg'))
  for (const name of readdirSync(join(root, 'assets/icons'))) {
    const size = name.replace('.png', '')
    put(join(root, 'assets/icons', name), join(tree, `usr/share/icons/hicolor/${size}x${size}/apps/ize.png`))
  }
  put(join(root, 'assets/linux/nautilus.py'), join(tree, 'usr/share/nautilus-python/extensions/ize.py'))
  put(join(root, 'LICENSE'), join(tree, 'usr/share/doc/ize/copyright'))
  mkdirSync(join(tree, 'usr/bin'), { recursive: true })
  symlinkSync('/opt/Ize/ize', join(tree, 'usr/bin/ize'))
  readable(tree)
  const control = join(tree, 'DEBIAN')
  mkdirSync(control)
  const fields = {
    Package: 'ize',
    Version: version,
    Architecture: architecture,
    Section: 'utils',
    Priority: 'optional',
    Maintainer: 'Ize contributors <ize@localhost>',
    'Installed-Size': String(Math.ceil(sizeOf(tree) / 1024)),
    Depends: depends.join(', '),
    // One that is not on the PATH of apt (nvm and the like) does as well.
    Recommends: [menus, ...(needsNode ? ['nodejs (>= 20)'] : [])].join(', '),
    Description: description,
  }
  const text = Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`)
  writeFileSync(join(control, 'control'), text.join(''))
  for (const [script, text] of Object.entries({ postinst: afterwards, prerm: before, postrm: afterwards })) {
    writeFileSync(join(control, script), text)
    chmodSync(join(control, script), 0o755)
  }
  const file = join(folder, `ize_${version}_${architecture}.deb`)
  const { code, output } = await execute('dpkg-deb', ['--root-owner-group', ...compression, '-b', tree, file])
  if (code !== 0) throw new CommandFailed(`dpkg-deb ended with code ${code}`, output)
  rmSync(tree, { recursive: true, force: true })
  return file
}

function put(from, to) {
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
}

/** Whatever the umask was: everybody may read it, and only its owner write. */
function readable(folder) {
  for (const name of ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })]) {
    const path = join(folder, name)
    const { mode } = statSync(path, { throwIfNoEntry: false }) ?? { mode: null }
    if (mode !== null) chmodSync(path, (mode & 0o111) === 0 ? 0o644 : 0o755)
  }
}

function sizeOf(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name), { throwIfNoEntry: false }))
    .reduce((sum, found) => sum + (found?.isFile() ? found.size : 0), 0)
}
