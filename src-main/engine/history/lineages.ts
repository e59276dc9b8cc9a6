import type { ChangeEntry } from './change-metadata.ts'
import { ROOT } from './index-schema.ts'
import { depthOf, directoryOf, nameOf } from './paths.ts'
import type { DraftFile, ProgramIds, TreeDraft } from './tree-draft.ts'
import { stateAfter } from './version-state.ts'

/**
 * Which file an entry of a change belongs to. A change is told as a whole: `from`, and the path of a deletion, are of
 * the tree before it, all other paths of the tree after it. So the order of its entries does not matter:
 *
 * - rename: the file at `from` leaves, with all below it.
 * - delete: the file at that path dies, and what is still below it, each with a version of its own.
 * - Then, from the top down, what left arrives; and create, edit, attributes: the file at that path; where none is, the
 *   one that died there last goes on, and where none died, a new file begins. What still stands where a renamed file
 *   arrives dies.
 *
 * Directories that no entry told of begin with the first file below them, also where something else stands. What is no
 * directory any longer has nothing below it.
 */
export class Lineages {
  /** Files that died in this change. */
  private readonly died = new Set<DraftFile>()

  constructor(
    private readonly draft: TreeDraft,
    /** Live directories by path, kept from change to change; forgotten whenever one moves or dies. */
    private readonly directories: Map<string, number>,
    private readonly change: number,
    /** Program of an entry, as the index numbers it. */
    private readonly program: (entry: ChangeEntry) => ProgramIds | null,
  ) {}

  take(entries: readonly ChangeEntry[]): void {
    if (entries.length > 8) this.prefetch(entries)
    // All paths of the tree before are followed before anything of it moves.
    const leaving = new Map<ChangeEntry, DraftFile | null>()
    for (const entry of entries) {
      if (entry.kind === 'rename') leaving.set(entry, this.find(entry.from ?? entry.path))
      else if (entry.kind === 'delete') leaving.set(entry, this.find(entry.path))
    }
    const arriving = new Map<ChangeEntry, DraftFile>()
    for (const [entry, file] of leaving) {
      if (entry.kind !== 'rename' || !file?.alive) continue
      this.draft.detach(file, false)
      if (file.directory) this.directories.clear()
      arriving.set(entry, file)
    }
    const deepestFirst = [...leaving].sort(([a], [b]) => depthOf(b.path) - depthOf(a.path))
    for (const [entry, file] of deepestFirst) if (entry.kind === 'delete') this.remove(entry, file)
    const fromTop = entries.filter(({ kind }) => kind !== 'delete').sort((a, b) => depthOf(a.path) - depthOf(b.path))
    for (const entry of fromTop) {
      const file = arriving.get(entry)
      if (file) this.arrive(file, entry)
      else this.put(entry)
    }
  }

  private put(entry: ChangeEntry): DraftFile {
    const parent = this.directory(directoryOf(entry.path), entry)
    const there = this.draft.slot(parent, nameOf(entry.path))
    if (there?.alive && entry.type !== 'directory') this.killBelow(there, entry)
    const file = this.addVersion(there, entry)
    if (!file.alive) this.draft.attach(file, parent, nameOf(entry.path))
    return file
  }

  private arrive(file: DraftFile, entry: ChangeEntry): void {
    const parent = this.directory(directoryOf(entry.path), entry)
    const there = this.draft.slot(parent, nameOf(entry.path))
    if (there?.alive) this.kill(there, { ...entry, kind: 'delete', from: undefined })
    if (entry.type !== 'directory') this.killBelow(file, entry)
    this.addVersion(file, entry)
    this.draft.move(file, parent, nameOf(entry.path))
  }

  private remove(entry: ChangeEntry, file: DraftFile | null): void {
    if (file) {
      // It may have gone with its directory.
      if (file.alive) this.kill(file, entry)
      return
    }
    const parent = this.directory(directoryOf(entry.path), entry)
    const dead = this.draft.slot(parent, nameOf(entry.path))
    if (dead && this.died.has(dead)) return
    // A directory that began with something that came and went in it, as it did itself.
    if (dead?.alive) {
      this.kill(dead, entry)
      return
    }
    const ghost = this.addVersion(dead, entry)
    if (dead) return
    this.draft.attach(ghost, parent, nameOf(entry.path))
    this.draft.detach(ghost, true)
  }

  /** Deepest first, so that a directory outlives what is below it. */
  private kill(file: DraftFile, entry: ChangeEntry): void {
    this.killBelow(file, entry)
    this.addVersion(file, entry)
    this.draft.detach(file, true)
    this.died.add(file)
  }

  private killBelow(file: DraftFile, entry: ChangeEntry): void {
    if (!file.directory) return
    for (const child of this.draft.children(file.id)) {
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
    this.directories.clear()
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
    const there = this.find(path)
    const found = there?.directory
      ? there
      : this.put({
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
