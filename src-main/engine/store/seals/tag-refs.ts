import { mkdir, readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { IzeError } from '../../ize-error.ts'
import { durableCreate, durableWrite, syncDirectory } from '../../sys/durable-write.ts'
import { expectTagName, isTagName } from './tag-name.ts'

/** What a tag names: a seal itself (lightweight), or a tag object (annotated). */
export interface TagTarget {
  readonly kind: 'seal' | 'tag'
  readonly address: string
}

export interface TagRef extends TagTarget {
  readonly name: string
}

const LINE = /^(tag )?([0-9a-f]{64})\n$/

/**
 * The tags of a project, a file each in `refs/tags`: one line with the address of a seal, or `tag ` and the address of
 * a tag object. They cannot be made again from anything, so every change is on the disk when it returns.
 */
export class TagRefs {
  /** @param directory `refs/tags`, which is made when the first tag is */
  constructor(private readonly directory: string) {}

  /** By name. Errors: E_REF_DAMAGED. */
  async list(): Promise<TagRef[]> {
    const names = await readdir(this.directory).catch(nothing)
    // Nothing else has such a name but what a crash left of a replacement.
    const tags = (names ?? []).filter(isTagName).sort()
    return Promise.all(tags.map((name) => this.read(name)))
  }

  /** Null: there is none. Errors: E_TAG_NAME, E_REF_DAMAGED. */
  async find(name: string): Promise<TagRef | null> {
    expectTagName(name)
    const text = await readFile(join(this.directory, name), 'latin1').catch(nothing)
    if (text === null) return null
    return { name, ...parseTagRef(name, join(this.directory, name), text) }
  }

  /** Errors: E_TAG_UNKNOWN, and those of `find`. */
  async read(name: string): Promise<TagRef> {
    return (await this.find(name)) ?? unknown(name)
  }

  /** Errors: E_TAG_NAME, and without `force` E_TAG_EXISTS. */
  async create(name: string, { kind, address }: TagTarget, force = false): Promise<void> {
    expectTagName(name)
    await mkdir(this.directory, { recursive: true, mode: 0o700 })
    const file = join(this.directory, name)
    const line = `${kind === 'tag' ? 'tag ' : ''}${address}\n`
    if (force) return durableWrite(file, line)
    if (await durableCreate(file, line)) return
    throw new IzeError(
      'E_TAG_EXISTS',
      `There is a tag "${name}" already; choose another name, or use --force to move it.`,
      { name },
    )
  }

  /** A damaged one too. Errors: E_TAG_NAME, E_TAG_UNKNOWN. */
  async delete(name: string): Promise<void> {
    expectTagName(name)
    const gone = await unlink(join(this.directory, name)).then(() => true, nothing)
    if (!gone) unknown(name)
    await syncDirectory(this.directory)
  }
}

/** What stands in the file of a tag. Errors: E_REF_DAMAGED. */
export function parseTagRef(name: string, file: string, text: string): TagTarget {
  const [, mark, address] = LINE.exec(text) ?? []
  if (address !== undefined) return { kind: mark === undefined ? 'seal' : 'tag', address }
  throw new IzeError(
    'E_REF_DAMAGED',
    `The tag "${name}" is damaged: ${file} holds no address. Delete the tag and make it again.`,
    { name, file },
  )
}

function unknown(name: string): never {
  throw new IzeError('E_TAG_UNKNOWN', `There is no tag "${name}"; "ize tag" lists those there are.`, { name })
}

function nothing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}
