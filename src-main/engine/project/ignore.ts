import ignore, { type Ignore } from 'ignore'
import { defaultIgnore } from '../config/schema.ts'

/** The file that marks a cache directory, and how it must begin (bford.info/cachedir). */
export const CACHE_TAG = 'CACHEDIR.TAG'
const CACHE_TAG_SIGNATURE = 'Signature: 8a477f597d28d172789f06886806bc55'
/** How many bytes of the file `isCacheTag` needs. */
export const CACHE_TAG_BYTES = CACHE_TAG_SIGNATURE.length

export function isCacheTag(start: Uint8Array): boolean {
  return (
    Buffer.from(start.buffer, start.byteOffset, Math.min(start.length, CACHE_TAG_BYTES)).toString('latin1') ===
    CACHE_TAG_SIGNATURE
  )
}

/** The library remembers every path it was asked for; past this many it is made anew. */
const MAX_REMEMBERED = 20_000

/**
 * Says which paths have a history. Patterns are gitignore's, the defaults first, so that a later "!node_modules/" takes
 * one back; matching is by bytes, as git's own. What lies below a directory that is not versioned is not either.
 * A directory (but the root) with a cache tag is not versioned.
 *
 * Directories are remembered, cache tags with them: whoever sees a tag come or go, or a directory renamed, calls `forget`.
 */
export class Versioning {
  private readonly patterns: { pattern: string }[]
  private readonly directories = new Map<string, boolean>()
  private rules: Ignore
  private remembered = 0

  /** `patterns` as text, beside the defaults; `hasCacheTag` is asked once per directory that no pattern excludes. */
  constructor(
    patterns: readonly string[],
    private readonly hasCacheTag: (directory: string) => boolean,
  ) {
    this.patterns = [...defaultIgnore, ...patterns].map((pattern) => ({
      pattern: Buffer.from(pattern, 'utf8').toString('latin1'),
    }))
    this.rules = this.compile()
  }

  /** `path` is relative to the project, latin1, without slashes at its ends; '' is the root, always versioned. */
  versioned(path: string, isDirectory: boolean): boolean {
    if (isDirectory) return this.directory(path)
    const slash = path.lastIndexOf('/')
    if (slash > 0 && !this.directory(path.slice(0, slash))) return false
    return !this.ignored(path)
  }

  /** Drops what is remembered of a directory and of all below it. */
  forget(directory: string): void {
    if (directory === '') return this.directories.clear()
    const below = `${directory}/`
    for (const path of this.directories.keys()) {
      if (path === directory || path.startsWith(below)) this.directories.delete(path)
    }
  }

  private directory(path: string): boolean {
    if (path === '') return true
    const known = this.directories.get(path)
    if (known !== undefined) return known
    const slash = path.lastIndexOf('/')
    const verdict =
      (slash <= 0 || this.directory(path.slice(0, slash))) && !this.ignored(`${path}/`) && !this.hasCacheTag(path)
    if (this.directories.size >= MAX_REMEMBERED) this.directories.clear()
    this.directories.set(path, verdict)
    return verdict
  }

  private ignored(path: string): boolean {
    if (++this.remembered > MAX_REMEMBERED) {
      this.rules = this.compile()
      this.remembered = 0
    }
    return this.rules.ignores(path)
  }

  private compile(): Ignore {
    return ignore({ ignoreCase: false }).add(this.patterns)
  }
}
