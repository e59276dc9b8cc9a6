// npm run package [-- --release]: dist/linux-unpacked, the app as a folder, and a deb made of it.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { makeDeb } from './lib/deb.mjs'
import { electronRuntime } from './lib/electron-runtime.mjs'
import { root } from './lib/root.mjs'
import { commandTask, endChildrenOnSignal, reportFailure, task } from './lib/run.mjs'
import { setup } from './lib/setup.mjs'
import { toRun, toShow } from './lib/system-packages.mjs'

const folder = join(root, 'dist')
const release = process.argv.includes('--release')

endChildrenOnSignal()
process.chdir(root)
try {
  await setup({ ...toRun, ...toShow })
  const runtime = await electronRuntime()
  if (release && !runtime.current) {
    throw new Error(`no release is made with Electron ${runtime.electron}: it is for development and tests only`)
  }
  const app = await buildFolder(runtime)
  console.log(`The app: ${relative(root, app)}/ize-app`)
  const { version, description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const deb = await task('Debian package', () =>
    makeDeb({
      app,
      folder,
      // `~` sorts before the release: that one replaces it.
      version: runtime.current ? version : `${version}~testruntime`,
      description,
      // The small one takes minutes.
      compression: release ? ['-Zxz'] : ['-Zgzip', '-z1'],
      needsNode: Number.parseInt(runtime.node, 10) < 20,
    }),
  )
  console.log(`The package: ${relative(root, deb)}`)
} catch (error) {
  reportFailure(error)
}

async function buildFolder({ executable, electron }) {
  const builder = join(root, 'node_modules/electron-builder/cli.js')
  const which = [`-c.electronDist=${dirname(executable)}`, `-c.electronVersion=${electron}`]
  const args = [builder, '--linux', 'dir', '--publish', 'never', ...which]
  await commandTask('App folder', process.execPath, args, { limitMs: 300_000 })
  const app = join(folder, process.arch === 'arm64' ? 'linux-arm64-unpacked' : 'linux-unpacked')
  if (!existsSync(join(app, 'ize-app'))) throw new Error(`electron-builder left no ize-app in ${app}`)
  return app
}
