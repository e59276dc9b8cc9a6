import type { ChangeEntry, FileType } from '../history/change-metadata.ts'
import type { Inode } from '../namespace/inode.ts'
import type { Namespace } from '../namespace/namespace.ts'
import type { Versioning } from '../project/ignore.ts'
import { below, depth, type Effect, type InodeEffect, type NameEffect } from './effect.ts'
import type { Draft } from './draft.ts'

export interface EntryContext {
  readonly space: Namespace
  readonly effect: Effect
  readonly versioning: Versioning
  /** In working/, but history does not know it yet (a writer had it open). */
  readonly unrecorded: (ino: number) => boolean
  /** A writer has it open and nobody asked: its content is no version yet. */
  readonly open: (ino: number) => boolean
  /** Its content changed and its last writer has closed it, in this batch or an earlier one. */
  readonly finished: (ino: number) => boolean
  /** First and last operation on it in this batch, and the thread that did the last. */
  readonly operations: (ino: number) => readonly [number, number]
  readonly program: (ino: number) => number | undefined
  /** Files above this are pointers in Pijul, so their x bit is not worth reading them again. */
  readonly textLimit: number
  /** History has something alive at the path. */
  readonly inHistory: (path: string) => boolean
}

/**
 * The entries of a change: a batch's net effect as history tells it.
 *
 * A name keeps its history when a new file takes it over (a save by rename, with or without a backup of the old one):
 * that is an edit of the path.
 */
export function makeEntries(context: EntryContext): Draft[] {
  const { effect, space } = context
  const builder = new Builder(context)
  const effects = [...effect.inodes.values()]
  const taken = new Map<string, InodeEffect>()
  for (const one of effects) for (const at of one.come) taken.set(key(at), one)
  for (const ino of builder.finishedElsewhere()) {
    const inode = space.inodes.get(ino)
    if (inode && !effect.inodes.has(ino)) effects.push({ inode, hadBase: true, gone: [], come: [] })
  }
  for (const one of effects) builder.names(one, taken)
  for (const one of effects) builder.changed(one)
  builder.openOnes()
  return builder.ordered()
}

class Builder {
  private readonly goes: Draft[] = []
  private readonly changes: Draft[] = []
  /** Paths that an entry tells all of. */
  private readonly told = new Set<string>()

  constructor(private readonly context: EntryContext) {}

  /** What goes, deepest first; then what comes or changes, from the top down. */
  ordered(): Draft[] {
    this.goes.sort((a, b) => depth(b.entry.path) - depth(a.entry.path))
    this.changes.sort((a, b) => depth(a.entry.path) - depth(b.entry.path))
    return [...this.goes, ...this.changes]
  }

  finishedElsewhere(): number[] {
    return [...this.context.space.inodes.keys()].filter((ino) => this.context.finished(ino))
  }

  /** Tells of the names that came and went. */
  names(one: InodeEffect, taken: ReadonlyMap<string, InodeEffect>): void {
    const { inode } = one
    if (inode.ino === 1) return
    if (this.isFresh(one)) return this.fresh(one, taken)
    const gone = one.gone.filter((at) => this.versioned(at.path, inode))
    const come = one.come.filter((at) => this.versioned(at.path, inode))
    const [from, ...more] = gone
    const heir = from && taken.get(key(from))
    // Someone new stands at the old name: the name's history is its, the moved one begins anew.
    const inherited =
      from !== undefined && heir !== undefined && heir !== one && this.inherits(heir) && !inode.isDirectory
    if (inherited || !from) {
      for (const at of come) this.create(inode, at.path, this.replaces(at))
    } else if (come[0]) {
      this.rename(inode, from.path, come[0].path)
      for (const at of come.slice(1)) this.create(inode, at.path, this.replaces(at))
    } else {
      this.gone(inode, from.path, heir)
    }
    for (const at of more) this.gone(inode, at.path, taken.get(key(at)))
    if (one.gone.length > 0 && gone.length === 0 && inode.isDirectory) {
      for (const at of come) this.subtree(inode, at.path, taken)
    }
  }

  /** Tells of content and attributes under the names that stayed. */
  changed(one: InodeEffect): void {
    const { inode } = one
    if (inode.ino === 1 || inode.nlink <= 0 || this.isFresh(one)) return
    const edited = inode.isFile && this.context.finished(inode.ino)
    if (!edited && inode.attributePosition === 0) return
    for (const { path } of inode.names()) {
      if (this.told.has(path) || one.come.some((at) => at.path === path) || !this.versioned(path, inode)) continue
      this.changes.push({
        entry: this.entry(inode, edited ? 'edit' : 'attributes', path),
        content: inode.isFile && (edited || inode.size <= this.context.textLimit) ? inode : null,
      })
    }
  }

  /**
   * What is told of the content of a file that is still being written, under one name, is told under all: after a crash
   * its number alone says that history has it (Recorder.settle).
   */
  openOnes(): void {
    const told = this.changes.flatMap(({ content }) => (content?.isFile ? [content] : []))
    for (const inode of new Set(told)) {
      if (!this.context.open(inode.ino)) continue
      for (const { path } of inode.names()) {
        if (!this.versioned(path, inode)) continue
        const at = this.changes.findIndex(({ entry }) => entry.path === path && entry.kind !== 'delete')
        if (at < 0) this.changes.push({ entry: this.entry(inode, 'edit', path), content: inode })
        else this.changes[at] = { ...(this.changes[at] as Draft), content: inode }
      }
    }
  }

  private isFresh({ hadBase, inode }: InodeEffect): boolean {
    return !hadBase || this.context.unrecorded(inode.ino)
  }

  /** Unknown to history so far. */
  private fresh({ inode, come, gone }: InodeEffect, taken: ReadonlyMap<string, InodeEffect>): void {
    // It had taken over a name of history, which is free now.
    for (const at of gone) {
      if (this.versioned(at.path, inode) && this.context.inHistory(at.path)) {
        this.gone(inode, at.path, taken.get(key(at)))
      }
    }
    if (inode.nlink <= 0) return
    if (inode.isFile && this.context.open(inode.ino)) return
    for (const { path } of inode.names()) {
      if (!this.versioned(path, inode)) continue
      const at = come.find((one) => one.path === path)
      this.create(inode, path, at ? this.replaces(at) : this.context.inHistory(path))
    }
  }

  private create(inode: Inode, path: string, replaced: boolean): void {
    if (this.told.has(path)) return
    this.told.add(path)
    this.changes.push({
      entry: this.entry(inode, replaced && !inode.isDirectory ? 'edit' : 'create', path),
      content: inode,
    })
  }

  private rename(inode: Inode, from: string, path: string): void {
    const content = inode.isFile && this.context.finished(inode.ino) ? inode : null
    this.changes.push({ entry: { ...this.entry(inode, 'rename', path), from }, content })
  }

  /** It lost a name; when the name has an heir that goes on with its history, that is told there. */
  private gone(inode: Inode, path: string, heir: InodeEffect | undefined): void {
    if (heir && !inode.isDirectory && (this.inherits(heir) || this.isAwaited(heir))) return
    const type = typeOf(inode)
    const program = this.context.program(inode.ino)
    const entry: ChangeEntry = {
      kind: 'delete',
      type,
      path,
      ino: inode.ino,
      operations: [...this.context.operations(inode.ino)],
      ...(program === undefined ? {} : { program }),
    }
    this.goes.push({ entry, content: null })
  }

  /** A directory came out of an unversioned place: everything below it begins here. */
  private subtree(directory: Inode, path: string, taken: ReadonlyMap<string, InodeEffect>): void {
    for (const name of this.context.space.list(directory).names) {
      const kid = this.context.space.lookup(directory, name)
      const at = below(path, name)
      if (!kid || taken.get(`${directory.ino}/${name}`)?.inode === kid || !this.versioned(at, kid)) continue
      if (kid.isFile && this.context.open(kid.ino) && this.context.unrecorded(kid.ino)) continue
      this.create(kid, at, false)
      if (kid.isDirectory) this.subtree(kid, at, taken)
    }
  }

  /** Whether working/ has a file of history at this name that is no directory. */
  private replaces(at: NameEffect): boolean {
    const base = at.directory.changed?.get(at.name)?.base ?? 0
    const before = base === 0 ? undefined : this.context.space.inodes.get(base)
    return before !== undefined && !before.isDirectory && !this.context.unrecorded(base)
  }

  /** It is new to history, or has one more name: it goes on with the history of the name it takes. */
  private inherits(heir: InodeEffect): boolean {
    if (heir.inode.isDirectory || this.isAwaited(heir)) return false
    return this.isFresh(heir) || heir.gone.length === 0
  }

  /** It will go on with the history of its name once its writer has closed it. */
  private isAwaited(heir: InodeEffect): boolean {
    return heir.inode.isFile && this.isFresh(heir) && this.context.open(heir.inode.ino)
  }

  private versioned(path: string, inode: Inode): boolean {
    return this.context.versioning.versioned(path, inode.isDirectory)
  }

  private entry(inode: Inode, kind: ChangeEntry['kind'], path: string): ChangeEntry {
    const program = this.context.program(inode.ino)
    const xattrs: Record<string, string> = {}
    for (const [name, value] of this.context.space.xattrs(inode)) xattrs[name] = value.toString('base64')
    return {
      kind,
      type: typeOf(inode),
      path,
      ino: inode.ino,
      mode: inode.mode & 0o7777,
      uid: inode.uid,
      gid: inode.gid,
      mtime: [inode.mSec, inode.mNsec],
      ...(inode.isFile ? { size: inode.size } : {}),
      ...(inode.isSymlink ? { target: this.context.space.target(inode) } : {}),
      ...(typeOf(inode) === 'special' ? { special: [inode.mode & 0o170000, inode.rdev] as [number, number] } : {}),
      ...(Object.keys(xattrs).length > 0 ? { xattrs } : {}),
      ...(program === undefined ? {} : { program }),
      operations: [...this.context.operations(inode.ino)],
    }
  }
}

function key(at: NameEffect): string {
  return `${at.directory.ino}/${at.name}`
}

function typeOf(inode: Inode): FileType {
  if (inode.isFile) return 'file'
  if (inode.isDirectory) return 'directory'
  return inode.isSymlink ? 'symlink' : 'special'
}
