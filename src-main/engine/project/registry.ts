import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { IzeError } from '../ize-error.ts'
import type { CentralDirectory } from './central-directory.ts'
import { editProjectFile, readProjectFile, type ProjectRecord } from './project-file.ts'

export interface DamagedProject {
  readonly uuid: string
  readonly root: string
  readonly problem: IzeError
}

/** Of the 100 bytes of a name; the rest is for a number. */
const ROOM_FOR_NAME = 90
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * The projects of a central directory, by name and uuid. It reads each project's meta/project.toml and opens nothing
 * else. Names are unique, compared without regard to case and Unicode form.
 */
export class Registry {
  private readonly reserved = new Set<string>()

  constructor(readonly central: CentralDirectory) {}

  /** All projects by name, and those whose file cannot be read. */
  async list(): Promise<{ readonly projects: readonly ProjectRecord[]; readonly damaged: readonly DamagedProject[] }> {
    const projects: ProjectRecord[] = []
    const damaged: DamagedProject[] = []
    for (const uuid of await readdir(this.central.projects)) {
      if (!UUID.test(uuid)) continue
      const root = join(this.central.projects, uuid)
      try {
        projects.push(await readProjectFile(root))
      } catch (error) {
        if (!(error instanceof IzeError)) throw error
        damaged.push({ uuid, root, problem: error })
      }
    }
    projects.sort((a, b) => (folded(a.name) < folded(b.name) ? -1 : 1))
    return { projects, damaged }
  }

  /** By name or uuid. Errors: E_PROJECT_UNKNOWN, and those of a damaged project asked for by its uuid. */
  async find(nameOrUuid: string): Promise<ProjectRecord> {
    const { projects, damaged } = await this.list()
    const found = projects.find(({ name, uuid }) => uuid === nameOrUuid || folded(name) === folded(nameOrUuid))
    if (found) return found
    const broken = damaged.find(({ uuid }) => uuid === nameOrUuid)
    if (broken) throw broken.problem
    const known =
      projects.length === 0
        ? 'There are none yet; make one with: ize init <name>.'
        : `There are: ${projects.map(({ name }) => name).join(', ')}.`
    throw new IzeError('E_PROJECT_UNKNOWN', `There is no project "${nameOrUuid}". ${known}`, { project: nameOrUuid })
  }

  /**
   * Keeps a name for a project that is being made, until the returned function is called.
   * Errors: E_NAME_INVALID (not a valid one), E_NAME_TAKEN.
   */
  async reserve(name: string): Promise<() => void> {
    checkName(name)
    const key = folded(name)
    if (this.reserved.has(key)) throw taken(name)
    this.reserved.add(key)
    try {
      if ((await this.list()).projects.some((project) => folded(project.name) === key)) throw taken(name)
    } catch (error) {
      this.reserved.delete(key)
      throw error
    }
    return () => void this.reserved.delete(key)
  }

  /** A valid name that no project has, as near to what is wanted as can be. */
  async freeName(wanted: string): Promise<string> {
    const cleaned = wanted
      .toWellFormed()
      .replace(/[\0-\x1f\x7f/\\]/g, ' ')
      .replace(/^[-.\s]+/, '')
    const base = shortened(cleaned, ROOM_FOR_NAME) || 'project'
    const taken = new Set([...(await this.list()).projects.map(({ name }) => folded(name)), ...this.reserved])
    for (let number = 1; ; number++) {
      const name = number === 1 ? base : `${base} ${number}`
      if (!taken.has(folded(name)) && !UUID.test(name)) return name
    }
  }

  /** Errors: E_NAME_INVALID, E_NAME_TAKEN. */
  async rename(project: ProjectRecord, name: string): Promise<ProjectRecord> {
    if (folded(name) === folded(project.name)) {
      checkName(name)
      return editProjectFile(project, { name })
    }
    const release = await this.reserve(name)
    try {
      return await editProjectFile(project, { name })
    } finally {
      release()
    }
  }

  /** Remembers where a project is mounted; `mounted` says that it is to be mounted again after a crash. */
  async setMount(project: ProjectRecord, mountPoint: string | null, mounted: boolean): Promise<ProjectRecord> {
    return editProjectFile(project, { mountPoint, mounted })
  }
}

function checkName(name: string): void {
  const why =
    name.trim() !== name || name === ''
      ? 'must not be empty, nor begin or end with a space'
      : Buffer.byteLength(name) > 100
        ? 'must have at most 100 bytes'
        : /[\0-\x1f\x7f/\\]/.test(name) || Buffer.from(name).toString() !== name
          ? 'must not hold slashes or control characters'
          : /^[-.]/.test(name)
            ? 'must not begin with a dash or a dot'
            : UUID.test(name)
              ? 'must not look like the identifier of another project'
              : null
  if (why)
    throw new IzeError('E_NAME_INVALID', `"${name}" cannot be the name of a project: it ${why}.`, { project: name })
}

/** Cut to so many bytes of UTF-8, between characters, without space at its ends. */
function shortened(name: string, bytes: number): string {
  let short = ''
  for (const character of name.trim()) {
    if (Buffer.byteLength(short + character) > bytes) break
    short += character
  }
  return short.trim()
}

function taken(name: string): IzeError {
  return new IzeError(
    'E_NAME_TAKEN',
    `There is already a project "${name}". Choose another name, or remove it with: ize remove "${name}".`,
    { project: name },
  )
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase()
}
