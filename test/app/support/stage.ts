import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { electronRuntime } from '../../../scripts/lib/electron-runtime.mjs'
import type { RunAs } from '../../support/ize-command.ts'
import { ordinaryUser, type Account } from './account.ts'

const checkout = fileURLToPath(new URL('../../..', import.meta.url))
/** What a built checkout runs with; the bundles hold everything else. */
const needed = [
  'package.json',
  'assets',
  'out',
  'native/ize.node',
  'node_modules/libsql',
  'node_modules/@libsql',
].concat(['node_modules/@neon-rs', 'node_modules/detect-libc'])

/**
 * A built checkout, an Electron and a Node that the account of the tests can read: checkout and caches are often below a
 * home that nobody else may enter, so root's are copied.
 */
export class Stage implements RunAs {
  private constructor(
    readonly account: Account | null,
    readonly root: string,
    readonly electron: string,
    readonly node: string,
    private readonly temporary: string | null,
  ) {}

  static async make(): Promise<Stage> {
    const account = ordinaryUser()
    const { executable } = await electronRuntime(() => undefined)
    if (!account) return new Stage(null, checkout, executable, process.execPath, null)
    const temporary = mkdtempSync(join(tmpdir(), 'ize-stage-'))
    chmodSync(temporary, 0o755)
    const root = join(temporary, 'checkout')
    for (const path of needed) {
      if (!existsSync(join(checkout, path))) continue
      cpSync(join(checkout, path), join(root, path), {
        recursive: true,
        preserveTimestamps: true,
        filter: (from) => basename(from) !== 'test-results' && !from.endsWith('.map'),
      })
    }
    link(dirname(executable), join(temporary, 'electron'))
    mkdirSync(join(temporary, 'bin'))
    const node = join(temporary, 'bin/node')
    if (isOpen(process.execPath)) symlinkSync(process.execPath, node)
    else cpSync(process.execPath, node)
    execFileSync('chmod', ['-R', 'a+rX', root])
    return new Stage(account, root, join(temporary, 'electron', basename(executable)), node, temporary)
  }

  get bundles(): string {
    return join(this.root, 'out')
  }

  remove(): void {
    if (this.temporary !== null) rmSync(this.temporary, { recursive: true, force: true })
  }
}

/** Hard links where that is possible: an Electron has 220 MB. */
function link(from: string, to: string): void {
  try {
    execFileSync('cp', ['-al', from, to], { stdio: 'pipe' })
  } catch {
    rmSync(to, { recursive: true, force: true })
    execFileSync('cp', ['-a', from, to])
  }
}

/** Whether anybody may run it. */
function isOpen(path: string): boolean {
  try {
    const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', '--']
    execFileSync('setpriv', [...nobody, 'test', '-x', path], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}
