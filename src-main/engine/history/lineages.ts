import { assertNever } from '../assert-never.ts'
import type { ChangeEntry } from './change-metadata.ts'
import { ROOT } from './index-schema.ts'
import { directoryOf, nameOf } from './paths.ts'
import type { DraftFile, TreeDraft } from './tree-draft.ts'
import { stateAfter } from './version-state.ts'

/**
 * Which file an entry of a change belongs to. Entries count in their order, each on the tree that the ones before it
 * left:
 *
 * - create, edit, attributes: the file at that path; where none is, the one that died there last goes on, and where
 *   none died, a new file begins.
 * - rename: the file at `from` moves, with all below it. What still stands at the new path died, unless a later entry
 *   of the change renames it away too (an exchange).
 * - delete: the file at that path dies, and what is still below it, each with a version of its own.
 *
 * What died below a directory stays with that directory: it goes on in it wherever it was moved, not in another one that
 * took its name. Directories that no entry told of begin with the first file below them.
 */
export class Lineages {
  /** By path: files that another one's rename pushed away, until their own rename. */
  private readonly pushed = new Map<string, DraftFile>()
  /** Files that died in this change. */
  private readonly died = new Set<DraftFile>()
  /** By path: the last entry that renames it away. */
  private readonly renamesFrom = new Map<string, number>()

  constructor(
    private readonly draft: TreeDraft,
    /** Live directories by path, kept from change to change; forgotten whenever one moves or dies. */
    private readonly directories: Map<string, number>,
    private readonly change: number,
    /** Program of an entry, as the index numbers it. */
    private readonly program: (entry: ChangeEntry) => number | null,
  ) {}

  take(entries: readonly ChangeEntry[]): void {
    if (entries.length > 8) this.prefetch(entries)
    entries.forEach((entry, n) => {
      if (entry.from !== undefined) this.renamesFrom.set(entry.from, n)
    })
    entries.forEach((entry, n) => this.takeOne(entry, n))
  }

  private takeOne(entry: ChangeEntry, n: number): void {
    switch (entry.kind) {
      case 'create':
      case 'edit':
      case 'attributes':
        this.put(entry)
        return
      case 'rename':
        this.rename(entry, n)
        return
      case 'delete':
        this.remove(entry)
        return
      default:
        assertNever(entry.kind, 'kind of entry')
    }
  }

  private put(entry: ChangeEntry): DraftFile {
    const parent = this.directory(directoryOf(entry.path), entry)
    const there = this.draft.slot(parent, nameOf(entry.path))
    const file = this.addVersion(there, entry)
    if (!file.alive) this.draft.attach(file, parent, nameOf(entry.path))
    return file
  }

  private rename(entry: ChangeEntry, n: number): void {
    const from = entry.from ?? entry.path
    const pushed = this.pushed.get(from)
    const file = pushed ?? this.find(from)
    if (!file) {
      this.put(entry)
      return
    }
    const parent = this.directory(directoryOf(entry.path), entry)
    const name = nameOf(entry.path)
    const target = this.draft.slot(parent, name)
    const inTheWay = target?.alive && target !== file ? target : null
    const movesLater = (this.renamesFrom.get(entry.path) ?? -1) > n
    if (inTheWay && !movesLater) this.kill(inTheWay, { ...entry, kind: 'delete', from: undefined })
    this.pushed.delete(from)
    this.addVersion(file, entry)
    if (inTheWay && movesLater) {
      this.draft.detach(inTheWay, false)
      this.pushed.set(entry.path, inTheWay)
    }
    if (!pushed) this.draft.detach(file, false)
    this.draft.attach(file, parent, name)
    if (file.directory) this.directories.clear()
  }

  private remove(entry: ChangeEntry): void {
    const file = this.find(entry.path)
    if (file) {
      this.kill(file, entry)
      return
    }
    const parent = this.directory(directoryOf(entry.path), entry)
    const dead = this.draft.slot(parent, nameOf(entry.path))
    // It went with its directory.
    if (dead && this.died.has(dead)) return
    const ghost = this.addVersion(dead, entry)
    if (dead) return
    this.draft.attach(ghost, parent, nameOf(entry.path))
    this.draft.detach(ghost, true)
  }

  /** Deepest first, so that a directory outlives what is below it. */
  private kill(file: DraftFile, entry: ChangeEntry): void {
    const { directory } = file
    for (const child of directory ? this.draft.children(file.id) : []) {
      const path = `${entry.path}/${child.name}`
      const { type, ino } = this.draft.stateOf(child) ?? { type: 'file', ino: 0 }
      this.kill(child, {
        kind: 'delete',
        type,
        ino,
        path,
        program: entry.program,
        operations: entry.operations,
      })
    }
    this.addVersion(file, entry)
    this.draft.detach(file, true)
    this.died.add(file)
    if (directory) this.directories.clear()
  }

  private addVersion(file: DraftFile | null, entry: ChangeEntry): DraftFile {
    return this.draft.addVersion(file, {
      change: this.change,
      kind: entry.kind,
      path: entry.path,
      origin: entry.from ?? null,
      program: this.program(entry),
      operations: entry.operations,
      state: stateAfter(entry, () => file && this.draft.stateOf(file)),
    })
  }

  /** The live file at a path. */
  private find(path: string): DraftFile | null {
    const above = directoryOf(path)
    const parent = above === '' ? ROOT : (this.directories.get(above) ?? this.find(above)?.id)
    if (parent === undefined) return null
    const file = this.draft.slot(parent, nameOf(path))
    return file?.alive ? file : null
  }

  /** The live directory at a path, begun if need be on behalf of `entry`. */
  private directory(path: string, entry: ChangeEntry): number {
    if (path === '') return ROOT
    const known = this.directories.get(path)
    if (known !== undefined) return known
    const found =
      this.find(path) ??
      this.put({
        kind: 'create',
        type: 'directory',
        ino: 0,
        path,
        program: entry.program,
        operations: entry.operations,
      })
    this.directories.set(path, found.id)
    return found.id
  }

  /** All that the entries will ask for about files in directories that exist already, in one query a level. */
  private prefetch(entries: readonly ChangeEntry[]): void {
    const levels: Set<string>[] = []
    const add = (path: string): void => {
      for (let at = path, depth = depthOf(path); at !== ''; at = directoryOf(at), depth--) {
        const level = (levels[depth] ??= new Set())
        if (level.has(at)) return
        level.add(at)
      }
    }
    for (const { path, from } of entries) {
      add(path)
      if (from !== undefined) add(from)
    }
    const parents = new Map<string, number>([['', ROOT]])
    for (const level of levels) {
      const slots = [...level].flatMap((path) => {
        const parent = parents.get(directoryOf(path))
        return parent === undefined ? [] : [{ path, parent, name: nameOf(path) }]
      })
      this.draft.load(slots.map(({ parent, name }) => [parent, name]))
      for (const { path, parent, name } of slots) {
        const file = this.draft.slot(parent, name)
        // A dead directory comes back as the same file.
        if (file) parents.set(path, file.id)
      }
    }
  }
}

function depthOf(path: string): number {
  let depth = 0
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) depth++
  return depth
}
