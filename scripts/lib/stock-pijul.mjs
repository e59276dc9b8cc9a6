// The stock `pijul` command, which the tests hold Ize's repositories against. Built once, kept outside the checkout.
import { existsSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { commandTask } from './run.mjs'

/** The release that pijul-core in native/ is pinned to. */
const version = '1.0.0-beta.22'

/** Where the command is, or will be: IZE_PIJUL, else the user's cache. */
export function stockPijulPath() {
  return process.env.IZE_PIJUL ?? join(cacheFolder(), 'bin/pijul')
}

function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), `ize/pijul-${version}`)
}

/**
 * Builds the command when it is not there yet; some minutes, at low priority.
 * @returns {Promise<string>} its path
 */
export async function stockPijul() {
  const path = stockPijulPath()
  if (existsSync(path)) return path
  const root = cacheFolder()
  // A target folder that stays until the build is through lets an interrupted one go on where it was.
  const target = join(root, 'target')
  const features = ['--no-default-features', '--features', 'git']
  const args = ['install', 'pijul', '--version', version, '--locked', ...features, '--root', root]
  await commandTask(`Stock pijul ${version}`, 'nice', ['cargo', ...args, '--target-dir', target], {
    env: { CARGO_PROFILE_RELEASE_LTO: 'off', CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16' },
  })
  rmSync(target, { recursive: true, force: true })
  return path
}
