import { constants } from 'node:fs'
import { chmod, copyFile, lstat, mkdir, readdir, readFile, readlink, symlink, utimes } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { parse } from 'smol-toml'
import { z } from 'zod'
import type { AppResult } from '../../src-preload/app-contract.ts'
import { IzeError } from '../../src-preload/ize-error.ts'
import { pathToText } from '../../src-preload/path-text.ts'
import { centralDirectoryPath } from '../engine/config/locations.ts'

/** Projects as they lie on the disk, for when no engine can be had: nothing here needs one, nor any part of it. */
type PlainFiles = AppResult<'app.plainFiles'>['projects']

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const projectFile = z.object({ project: z.object({ name: z.string().min(1) }) })
/** Paths that are named of those that could not be copied. */
const NAMED = 100

/** A project whose file cannot be read is named by its number. */
export async function plainFiles(): Promise<PlainFiles> {
  const projects = join(await centralDirectoryPath(), 'projects')
  const ids = (await readdir(projects).catch((): string[] => [])).filter((name) => UUID.test(name))
  const found = await Promise.all(
    ids.map(async (id) => {
      const text = await readFile(join(projects, id, 'meta/project.toml'), 'utf8').catch(() => '')
      return { id, name: nameIn(text) ?? id, folder: join(projects, id, 'working') }
    }),
  )
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Errors: E_PROJECT_UNKNOWN. */
export async function plainFolder(id: string): Promise<PlainFiles[number]> {
  const found = (await plainFiles()).find((one) => one.id === id)
  if (found) return found
  throw new IzeError('E_PROJECT_UNKNOWN', 'There is no such project in the folder of Ize.', { project: id })
}

/**
 * Copies what `working/` of a project holds into a new folder with its name in `into`, and goes on behind what cannot be
 * copied, which it names. Errors: E_EXPORT_TARGET.
 */
export async function copyPlainFiles(id: string, into: string): Promise<AppResult<'app.copyPlainFiles'>> {
  const { name, folder } = await plainFolder(id)
  const written = await newFolder(into, basename(name))
  const copy = new Copy()
  await copy.folder(Buffer.from(folder), Buffer.from(written), '')
  return { written, files: copy.files, left: copy.left.slice(0, NAMED), more: Math.max(0, copy.left.length - NAMED) }
}

function nameIn(text: string): string | null {
  try {
    return projectFile.parse(parse(text)).project.name
  } catch {
    return null
  }
}

async function newFolder(into: string, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const path = join(into, number === 1 ? name : `${name} ${number}`)
    try {
      await mkdir(path, { mode: 0o700 })
      return path
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue
      const why = error instanceof Error ? error.message : String(error)
      throw new IzeError('E_EXPORT_TARGET', `A folder cannot be made in ${dirname(path)} (${why}). Choose another.`)
    }
  }
}

/** Names are bytes, so paths are, too. */
class Copy {
  files = 0
  readonly left: { path: string; why: string }[] = []

  async folder(from: Buffer, to: Buffer, path: string): Promise<void> {
    const names = await this.attempt(path, () => readdir(from, 'buffer'))
    for (const name of names ?? []) {
      const below = path === '' ? name.toString('latin1') : `${path}/${name.toString('latin1')}`
      await this.attempt(below, () => this.entry(joined(from, name), joined(to, name), below))
    }
  }

  private async entry(from: Buffer, to: Buffer, path: string): Promise<void> {
    const stats = await lstat(from)
    if (stats.isDirectory()) {
      await mkdir(to, { mode: 0o700 })
      await this.folder(from, to, path)
    } else if (stats.isSymbolicLink()) {
      await symlink(await readlink(from, 'buffer'), to)
      this.files++
      return
    } else if (stats.isFile()) {
      await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
      this.files++
    } else throw new Error('it is no file')
    await chmod(to, stats.mode & 0o777)
    await utimes(to, stats.atime, stats.mtime)
  }

  private async attempt<T>(path: string, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work()
    } catch (error) {
      this.left.push({ path: pathToText(path), why: error instanceof Error ? error.message : String(error) })
      return null
    }
  }
}

function joined(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, Buffer.from('/'), name])
}
