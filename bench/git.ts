import { run, timed } from './processes.ts'

/** No settings of this machine, no background tidying after the commit: that would fall into the next measurement. */
export const gitEnvironment = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'bench',
  GIT_AUTHOR_EMAIL: 'bench@localhost',
  GIT_COMMITTER_NAME: 'bench',
  GIT_COMMITTER_EMAIL: 'bench@localhost',
}

/** Seconds of `git add` and `git commit` of everything in a folder; `repository` is made first, outside of that time. */
export async function commitSeconds(folder: string, repository = `${folder}/.git`): Promise<number> {
  const git = ['-c', 'gc.auto=0', '-c', 'maintenance.auto=false', `--git-dir=${repository}`, `--work-tree=${folder}`]
  await run('git', [...git, 'init', '--quiet'], { env: gitEnvironment })
  return timed(async () => {
    await run('git', [...git, 'add', '--all'], { env: gitEnvironment, cwd: folder })
    await run('git', [...git, 'commit', '--quiet', '--message', 'bench'], { env: gitEnvironment, cwd: folder })
  })
}
