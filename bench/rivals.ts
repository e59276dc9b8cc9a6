import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gitEnvironment } from './git.ts'
import { run, timedRun } from './processes.ts'
import { VersionedText } from './store/versioned-text.ts'

/** A program that keeps backups of a folder. */
export interface Backup {
  readonly name: 'restic' | 'borg'
  readonly init: (repository: string) => Promise<unknown>
  /** Seconds. */
  readonly keep: (repository: string, folder: string, name: string) => Promise<number>
  /** Writes what was kept last to where it was; seconds. */
  readonly putBack?: (repository: string) => Promise<number>
}

/** restic as it comes: zstd, encrypted. borg with the same compression and without encryption, which it can do without. */
export function backups(directory: string): readonly Backup[] {
  const env = {
    ...{ RESTIC_PASSWORD: 'bench', RESTIC_CACHE_DIR: join(directory, 'restic-cache') },
    ...{ BORG_BASE_DIR: join(directory, 'borg-base'), BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: 'yes' },
  }
  const restic: Backup = {
    name: 'restic',
    init: (repository) => run('restic', ['-q', '-r', repository, 'init', '--repository-version', '2'], { env }),
    keep: (repository, folder) => timedRun('restic', ['-q', '-r', repository, 'backup', folder], { env }),
    putBack: (repository) =>
      timedRun('restic', ['-q', '-r', repository, 'restore', 'latest', '--target', '/'], { env }),
  }
  const borg: Backup = {
    name: 'borg',
    init: (repository) => run('borg', ['init', '--encryption', 'none', repository], { env }),
    keep: (repository, folder, name) =>
      timedRun('borg', ['create', '--compression', 'zstd,3', `${repository}::${name}`, folder], { env }),
  }
  return [restic, borg].filter(({ name }) => isInstalled(name))
}

export function isInstalled(program: string): boolean {
  return spawnSync(program, ['version'], { stdio: 'ignore' }).error === undefined
}

/** Bytes of a repository with the versions of a text of 10 MB, each committed, after `git gc`. */
export async function gitVersions(folder: string, count: number): Promise<number> {
  const git = (...args: string[]): Promise<string> =>
    run('git', ['-c', 'gc.auto=0', '-c', 'maintenance.auto=false', ...args], { cwd: folder, env: gitEnvironment })
  await git('init', '--quiet')
  const text = new VersionedText(10)
  for (let n = 0; n < count; n++) {
    await writeFile(join(folder, 'text.txt'), n === 0 ? text.current() : text.next())
    await git('add', 'text.txt')
    await git('commit', '--quiet', '--message', `version ${n}`)
  }
  await git('gc', '--quiet')
  return Number(/^size-pack: (\d+)$/m.exec(await git('count-objects', '-v'))?.[1]) * 1024
}

/** Milliseconds for so many MB of SHA-1 on one core. */
export async function opensslMilliseconds(file: string): Promise<number> {
  return (await timedRun('openssl', ['dgst', '-sha1', file])) * 1000
}
