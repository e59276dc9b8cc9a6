import { mkdir, readdir, realpath, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { IzeError } from '../../src-preload/ize-error.ts'
import type { Cli, ProjectSummary } from './cli.ts'
import { initProject } from './verbs/init.ts'

const DEMO = 'Ize Demo'

/** The demo project, made if there is none, mounted at `~/Ize Demo`. */
export async function openDemo(cli: Cli): Promise<ProjectSummary> {
  const found = (await projects(cli)).find(({ name }) => name === DEMO)
  if (found) return mounted(cli, found, found.mountPoint ?? join(homedir(), DEMO))
  const folder = join(homedir(), DEMO)
  cli.out.line(`Making a small demo project at ${folder}.`)
  const made = await initProject(cli, DEMO, undefined, false)
  const project = await mounted(cli, made.project, folder)
  await writeFile(join(folder, 'Read me.txt'), DEMO_TEXT)
  await mkdir(join(folder, 'chapters'))
  await writeFile(join(folder, 'chapters', 'one.txt'), 'It was a bright cold day in autumn.\n')
  return project
}

const DEMO_TEXT = `This folder remembers.

Change this file and save it, with any program. Then look:

    ize history "Ize Demo"
    ize diff "Ize Demo" "Read me.txt"
    ize restore "Ize Demo" "Read me.txt" 1
`

/**
 * The project of a folder. One that Ize mounts there, or did, is mounted. An empty or absent folder becomes a new
 * project's mount point. Any other folder is never mounted over nor changed: it is imported, and the copy that has a
 * history is mounted beside it, at `{folder} (Ize)`.
 */
export async function openFolder(cli: Cli, folder: string): Promise<ProjectSummary> {
  const known = await projects(cli)
  const at = (path: string): ProjectSummary | undefined => known.find(({ mountPoint }) => mountPoint === path)
  // Not touched before it is known not to be a mount: a mount's engine may just be starting.
  const direct = at(folder)
  if (direct) return mounted(cli, direct, folder)
  const real = await realpath(folder).catch(() => folder)
  const resolved = at(real)
  if (resolved) return mounted(cli, resolved, real)
  const beside = join(dirname(real), `${basename(real)} (Ize)`)
  const imported = at(beside)
  if (imported) {
    cli.out.line(`${real} was imported before; its copy with a history is at ${beside}.`)
    return mounted(cli, imported, beside)
  }
  const name = freeName(basename(real) || 'root', known)
  const names = await readdir(real).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    if (error.code === 'ENOTDIR') throw new IzeError('E_MOUNT_NOT_DIRECTORY', `${real} is not a folder.`)
    throw error
  })
  if (names.length === 0) {
    const made = await initProject(cli, name, undefined, false)
    cli.out.line(`Made the project ${cli.out.name(name)}, empty.`)
    return mounted(cli, made.project, real)
  }
  cli.out.line(`${real} stays as it is. A copy of it with a history is made, to be mounted at ${beside}.`)
  const made = await initProject(cli, name, real, true)
  return mounted(cli, made.project, beside)
}

async function mounted(cli: Cli, project: ProjectSummary, folder: string): Promise<ProjectSummary> {
  const engine = await cli.engine()
  if (project.mounted && project.mountPoint !== null) return project
  const { mountPoint, kept } = await engine.request('projects.mount', {
    project: project.id,
    mountPoint: resolve(folder),
  })
  if (kept !== null) cli.out.note(`What programs had put there while it was not mounted is now in ${kept}`)
  return { ...project, mounted: true, mountPoint }
}

async function projects(cli: Cli): Promise<readonly ProjectSummary[]> {
  const engine = await cli.engine()
  return (await engine.request('projects.list', {})).projects
}

/** A name that no project has: the folder's own, else with a number. */
function freeName(wanted: string, known: readonly ProjectSummary[]): string {
  const fold = (text: string): string => text.normalize('NFC').toLowerCase()
  const taken = new Set(known.map(({ name }) => fold(name)))
  const base = wanted.replace(/^[-.\s]+/, '').trim() || 'project'
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base} ${number}`
    if (!taken.has(fold(name))) return name
  }
}
