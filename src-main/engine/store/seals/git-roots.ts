import { execFile } from 'node:child_process'
import { dirname } from 'node:path'
import { IzeError } from '../../ize-error.ts'
import type { RootPlace } from './root-place.ts'
import { type SignedRoot, withRootLine } from './signed-root.ts'

type GitPlace = Extract<RootPlace, { readonly kind: 'git' }>

/** The file with the lines, in the tree of each commit. */
const FILE = 'roots'
/** How often it is tried again when others move the ref meanwhile. */
const TRIES = 5
const LARGEST = 256 * 1024 * 1024
/** What of the environment would lead git to another repository. */
const ELSEWHERE =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|NAMESPACE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|CONFIG.*)$/

/**
 * Adds a line to the file `roots` of a ref, as a commit on top of what it has. Nothing is checked out, and no branch that
 * is: objects are written first, then the ref moves from the commit that was read, or it is done again.
 * Errors: GitError.
 */
export async function commitRoot(place: GitPlace, root: SignedRoot): Promise<void> {
  const git = gitOf(place, new Date(root.time))
  const out = await git(['worktree', 'list', '--porcelain'])
  if (out.split('\n').includes(`branch ${place.ref}`)) {
    throw new GitError(`${place.ref} is checked out; name another ref, such as refs/ize/roots`)
  }
  for (let tries = 1; ; tries++) {
    const old = await commitAt(git, place.ref)
    const text = old === null ? '' : await textOf(git, old)
    const blob = await git(['hash-object', '-w', '--stdin'], withRootLine(text, root))
    const others = old === null ? [] : (await git(['ls-tree', '-z', old])).split('\0')
    const entries = others.filter((entry) => entry !== '' && !entry.endsWith(`\t${FILE}`))
    const tree = await git(['mktree', '-z'], [...entries, `100644 blob ${blob}\t${FILE}`, ''].join('\0'))
    const message = `Root over ${root.leaves} seals of ${root.project}`
    const commit = await git(['commit-tree', tree, ...(old === null ? [] : ['-p', old]), '-m', message])
    try {
      // An empty old value: the ref must not exist yet.
      await git(['update-ref', '-m', 'ize: root', place.ref, commit, old ?? ''])
      return
    } catch (error) {
      if (tries === TRIES || (await commitAt(git, place.ref)) === old) throw error
    }
  }
}

/** The lines of a ref, as text. Errors: E_SOURCE_MISSING, GitError. */
export async function committedRoots(place: GitPlace): Promise<string> {
  const git = gitOf(place, new Date())
  const commit = await commitAt(git, place.ref)
  if (commit !== null) return textOf(git, commit)
  throw new IzeError('E_SOURCE_MISSING', `There is no ref ${place.ref} in ${place.repository}.`)
}

/** What git, or its absence, said. */
export class GitError extends Error {
  constructor(
    message: string,
    readonly exit: number | null = null,
  ) {
    super(message)
  }
}

type Git = (args: readonly string[], input?: string) => Promise<string>

async function commitAt(git: Git, ref: string): Promise<string | null> {
  try {
    return await git(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`])
  } catch (error) {
    if (error instanceof GitError && error.exit === 1) return null
    throw error
  }
}

async function textOf(git: Git, commit: string): Promise<string> {
  const entry = await git(['ls-tree', commit, FILE])
  return entry === '' ? '' : git(['cat-file', 'blob', `${commit}:${FILE}`])
}

/** Runs git in the repository that a place names, and no other; its output without the last line's end. */
function gitOf({ repository }: GitPlace, time: Date): Git {
  const kept = Object.entries(process.env).filter(([name]) => !ELSEWHERE.test(name))
  const date = `${Math.floor(time.getTime() / 1000)} +0000`
  const who = ['AUTHOR', 'COMMITTER'].flatMap((role) => [
    [`GIT_${role}_NAME`, 'Ize'],
    [`GIT_${role}_EMAIL`, 'ize@localhost'],
    [`GIT_${role}_DATE`, date],
  ])
  const alone = [
    ['LC_ALL', 'C'],
    ['GIT_TERMINAL_PROMPT', '0'],
    ['GIT_CEILING_DIRECTORIES', dirname(repository)],
  ]
  const env = Object.fromEntries([...kept, ...who, ...alone]) as NodeJS.ProcessEnv
  const options = { env, encoding: 'latin1', maxBuffer: LARGEST } as const
  return (args, input = '') =>
    new Promise((done, failed) => {
      const all = ['-C', repository, '-c', 'core.fsync=all', ...args]
      const child = execFile('git', all, options, (error, stdout, stderr) => {
        if (!error) return done(stdout.replace(/\n$/, ''))
        if (error.code === 'ENOENT') return failed(new GitError('git is not installed'))
        const said = stderr.split('\n')[0]?.replace(/^(fatal|error): /, '') || error.message
        failed(new GitError(said, typeof error.code === 'number' ? error.code : null))
      })
      // What ended without reading it says why itself.
      child.stdin?.on('error', () => undefined)
      child.stdin?.end(Buffer.from(input, 'latin1'))
    })
}
