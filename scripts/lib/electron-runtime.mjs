// Which Electron runs the app: one that is named, that of the electron package, or an older one to fall back on.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fallbackElectron } from './fallback-electron.mjs'
import { root } from './root.mjs'
import { CommandFailed, commandTask, execute } from './run.mjs'

/**
 * @typedef {{executable: string, electron: string, node: string, current: boolean}} Runtime
 *   `electron`, `node`: versions; `current`: the version that package.json names, so that releases may be made with it
 */

const packageFolder = join(root, 'node_modules/electron')
const ownExecutable = join(packageFolder, 'dist/electron')
const triedFile = join(root, 'out/electron-download.tried')
const downloadLimitMs = 10 * 60_000
const probeLimitMs = 4000
const retryMs = 24 * 3_600_000

/**
 * Finds an Electron, or fetches one, and says which it is. IZE_ELECTRON names an executable, or is `fallback`.
 * @param {(line: string) => void} [say]
 * @returns {Promise<Runtime>}
 * @throws {Error} when there is none, or when it does not run here, with why
 */
export async function electronRuntime(say = console.log) {
  const { executable, from } = await find()
  const runtime = { executable, ...(await versionsOf(executable)) }
  const current = runtime.electron === declaredVersion()
  const note = current ? '' : `; for development and tests only, releases are made with ${declaredVersion()}`
  say(`Electron ${runtime.electron} with Node ${runtime.node}, from ${from}${note}`)
  return { ...runtime, current }
}

async function find() {
  const named = process.env.IZE_ELECTRON
  if (named && named !== 'fallback') {
    if (!existsSync(named)) throw new Error(`IZE_ELECTRON names ${named}, and there is no such file`)
    return { executable: named, from: `IZE_ELECTRON=${named}` }
  }
  if (named !== 'fallback') {
    if (existsSync(ownExecutable)) return { executable: ownExecutable, from: 'the electron package' }
    if (await download()) return { executable: ownExecutable, from: 'the electron package, just fetched' }
  }
  const executable = await fallbackElectron()
  return { executable, from: executable }
}

function declaredVersion() {
  return JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')).version
}

/**
 * The package's own download, when its host answers soon. One that does not is not asked again for a day.
 * @returns {Promise<boolean>} whether the executable is there now
 */
async function download() {
  const tried = statSync(triedFile, { throwIfNoEntry: false })
  if (tried && Date.now() - tried.mtimeMs < retryMs) return false
  try {
    const answer = await fetch(`${releases()}v${declaredVersion()}/SHASUMS256.txt`, {
      method: 'HEAD',
      signal: AbortSignal.timeout(probeLimitMs),
    })
    if (!answer.ok) throw new Error(`its host answered ${answer.status}`)
    const options = { limitMs: downloadLimitMs }
    await commandTask(`Electron ${declaredVersion()}`, process.execPath, [join(packageFolder, 'install.js')], options)
    return existsSync(ownExecutable)
  } catch (error) {
    if (error instanceof CommandFailed) console.error(error.output.trimEnd())
    console.log(`Electron ${declaredVersion()} cannot be fetched: ${error.cause?.code ?? error.message}`)
    mkdirSync(join(triedFile, '..'), { recursive: true })
    writeFileSync(triedFile, '')
    return false
  }
}

function releases() {
  const { ELECTRON_MIRROR, npm_config_electron_mirror } = process.env
  return ELECTRON_MIRROR || npm_config_electron_mirror || 'https://github.com/electron/electron/releases/download/'
}

async function versionsOf(executable) {
  const env = { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: undefined }
  const { code, output } = await execute(executable, ['-p', 'JSON.stringify(process.versions)'], { env })
  if (code !== 0) throw new CommandFailed(`${executable} does not run here`, output)
  const { electron, node } = JSON.parse(output.slice(output.indexOf('{')))
  if (electron === undefined) throw new Error(`${executable} is no Electron`)
  return { electron, node }
}
