import { z } from 'zod'
import { FOREVER, ROOT } from './index-schema.ts'
import type { MomentCounts } from './moment-counts.ts'
import type { Sqlite, SqlValue } from './sqlite.ts'
import { type VersionState, versionStateSchema } from './version-state.ts'
import { writeRows } from './write-rows.ts'

/** A file as it stands after the last entry taken in: where it is (or was last) and its newest version. */
export interface DraftFile {
  readonly id: number
  parent: number
  name: string
  /** Version since which it is (or was) there; its key in `place` with parent and name. */
  since: number
  alive: boolean
  /** How many versions it has. */
  number: number
  /** Id of the newest one, and whether it is a deletion. */
  newest: number
  deleted: boolean
  directory: boolean
  /** The newest version's, as JSON; null: not asked for yet. */
  state: string | null
}

/** A process, and its name, as the index numbers them. */
export interface ProgramIds {
  readonly id: number
  readonly name: number
}

export interface NewVersion {
  readonly change: number
  readonly kind: string
  readonly path: string
  readonly origin: string | null
  readonly program: ProgramIds | null
  readonly operations: readonly [number, number]
  readonly state: VersionState
}

/** Files as one JSON array of arrays: reading thousands of rows one by one costs more than finding them. */
const SELECT_FILES = `SELECT json_group_array(
  json_array(p.file, p.parent, p.name, p.since, p.until, v.number, v.state ->> 'type' = 'directory', v.id,
  v.kind = 'delete')) AS files`
const NEWEST_VERSION = `JOIN version v ON v.id = (SELECT max(id) FROM version WHERE file = p.file)`
const [int, text] = [z.number(), z.string()]
/** What a new file lies in, and the root. */
const NOWHERE = -1
const fileRows = z.array(z.tuple([int, int, text, int, int, int, int, int, int]))

/**
 * The tree while changes are taken in: reads what it needs from the index, changes it in memory, and writes versions
 * and places at the end (`flush`) with few statements. Lives for one transaction.
 */
export class TreeDraft {
  /** By `{parent}/{name}`: the file that is there, or that died there last; null: neither. */
  private readonly slots = new Map<string, DraftFile | null>()
  private readonly files = new Map<number, DraftFile>()
  private versions: SqlValue[][] = []
  /** Rows of `place` to write, by their key. */
  private readonly places = new Map<string, SqlValue[]>()
  /** How many more live children a directory has than the index says. */
  private readonly moreChildren = new Map<number, number>()
  /** Rows of `below` to write, and the folders of those of the newest version. */
  private below: [folder: number, version: number][] = []
  private readonly told = { version: 0, folders: new Set<number>() }
  /** The folder that a folder lies in, and was last in; as far as it was asked for. */
  private readonly parents = new Map<number, number>([[ROOT, NOWHERE]])
  /** Files that the index has not heard of, so that nothing needs to be asked about what is below them. */
  private readonly born = new Set<number>()
  constructor(
    private readonly sqlite: Sqlite,
    /** Id of the newest version. */
    private newest: number,
    private readonly counts: MomentCounts,
  ) {}

  get lastVersion(): number {
    return this.newest
  }

  /** The file that is at this name now, or that died there last; null when none did or the last one moved on. */
  slot(parent: number, name: string): DraftFile | null {
    const key = `${parent}/${name}`
    if (!this.slots.has(key)) this.load([[parent, name]])
    return this.slots.get(key) ?? null
  }

  /** Reads many slots with one query. */
  load(wanted: readonly (readonly [parent: number, name: string])[]): void {
    const missing = wanted.filter(([parent, name]) => !this.slots.has(`${parent}/${name}`))
    for (const [parent, name] of missing) this.slots.set(`${parent}/${name}`, null)
    const asked = missing.filter(([parent]) => !this.born.has(parent))
    if (asked.length === 0) return
    const files = this.select(
      `FROM json_each(?) w
       JOIN place p ON p.parent = w.value ->> 0 AND p.name = w.value ->> 1
        AND p.since = (SELECT max(since) FROM place WHERE parent = w.value ->> 0 AND name = w.value ->> 1)
       ${NEWEST_VERSION}
       WHERE p.since = (SELECT max(since) FROM place WHERE file = p.file)`,
      JSON.stringify(asked),
    )
    for (const file of files) this.slots.set(`${file.parent}/${file.name}`, file)
  }

  /** The newest state of a file; null: it has none yet. */
  stateOf(file: DraftFile): VersionState | null {
    if (file.number === 0) return null
    if (file.state === null) {
      const row = this.sqlite.get('SELECT state FROM version WHERE file = ? ORDER BY id DESC LIMIT 1', file.id)
      file.state = z.object({ state: z.string() }).parse(row).state
    }
    return versionStateSchema.parse(JSON.parse(file.state))
  }

  /** Gives a file (null: a new one, which lies nowhere yet) its next version. */
  addVersion(file: DraftFile | null, version: NewVersion): DraftFile {
    const id = ++this.newest
    const subject = file ?? {
      id,
      parent: NOWHERE,
      name: '',
      since: 0,
      alive: false,
      number: 0,
      newest: 0,
      deleted: false,
      directory: false,
      state: null,
    }
    if (!file) {
      this.files.set(id, subject)
      this.born.add(id)
    }
    this.counts.take(subject, {
      deleted: version.kind === 'delete',
      directory: version.state.type === 'directory',
    })
    subject.number++
    subject.newest = id
    subject.deleted = version.kind === 'delete'
    const { change, kind, path, origin, program, operations, state } = version
    subject.directory = state.type === 'directory'
    subject.state = JSON.stringify(state)
    const { id: lineage, number } = subject
    const who = [program?.id ?? null, program?.name ?? null]
    this.versions.push([id, change, lineage, number, kind, path, origin, ...who, ...operations, subject.state])
    this.tellFolders(subject.parent)
    return subject
  }

  /** Puts a file that is nowhere at a name, from the newest version on. */
  attach(file: DraftFile, parent: number, name: string): void {
    Object.assign(file, { parent, name, since: this.newest, alive: true })
    this.parents.set(file.id, parent)
    this.tellFolders(parent)
    this.write(file, FOREVER)
    this.slots.set(`${parent}/${name}`, file)
    this.count(parent, 1)
  }

  /** Takes a live file from its name, with the newest version. `died`: it is what a new file there would continue. */
  detach(file: DraftFile, died: boolean): void {
    file.alive = false
    this.write(file, this.newest)
    this.slots.set(`${file.parent}/${file.name}`, died ? file : null)
    this.count(file.parent, -1)
  }

  /** Puts a file that was taken from its name elsewhere; it was there until the newest version, which tells of that. */
  move(file: DraftFile, parent: number, name: string): void {
    this.write(file, this.newest)
    this.attach(file, parent, name)
  }

  /** The live files directly below a directory. */
  children(directory: number): DraftFile[] {
    if (this.storedChildren(directory) + (this.moreChildren.get(directory) ?? 0) === 0) return []
    this.flush()
    const files = this.select(`FROM place p ${NEWEST_VERSION} WHERE p.parent = ? AND p.until = ${FOREVER}`, directory)
    return files.sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  flush(): void {
    writeRows(this.sqlite, 'INSERT INTO version', 12, this.versions)
    writeRows(this.sqlite, 'INSERT OR REPLACE INTO place', 5, [...this.places.values()])
    writeRows(this.sqlite, 'INSERT INTO below', 2, this.below)
    this.versions = []
    this.below = []
    this.places.clear()
    this.moreChildren.clear()
    this.born.clear()
  }

  /** The newest version belongs to the history of a folder, and of all that it lies in. */
  private tellFolders(folder: number): void {
    const { told, newest } = this
    if (told.version !== newest) told.folders.clear()
    told.version = newest
    for (let at = folder; at !== ROOT && at !== NOWHERE; at = this.parentOf(at)) {
      if (told.folders.has(at)) continue
      told.folders.add(at)
      this.below.push([at, newest])
    }
  }

  private parentOf(folder: number): number {
    let parent = this.parents.get(folder)
    if (parent === undefined) {
      const row = this.sqlite.get('SELECT parent FROM place WHERE file = ? ORDER BY since DESC LIMIT 1', folder)
      this.parents.set(folder, (parent = z.object({ parent: z.number() }).parse(row).parent))
    }
    return parent
  }

  private storedChildren(directory: number): number {
    if (this.born.has(directory)) return 0
    const row = this.sqlite.get(`SELECT count(*) n FROM place WHERE parent = ? AND until = ${FOREVER}`, directory)
    return z.object({ n: z.number() }).parse(row).n
  }

  private select(from: string, value: SqlValue): DraftFile[] {
    const row = z.object({ files: z.string() }).parse(this.sqlite.get(`${SELECT_FILES} ${from}`, value))
    return fileRows
      .parse(JSON.parse(row.files))
      .map(([id, parent, name, since, until, number, directory, newest, deleted]) => {
        const known = this.files.get(id)
        if (known) return known
        const [alive, state] = [until === FOREVER, null]
        const file = {
          id,
          parent,
          name,
          since,
          alive,
          number,
          directory: directory === 1,
          newest,
          deleted: deleted === 1,
          state,
        }
        this.files.set(id, file)
        return file
      })
  }

  private write({ id, parent, name, since }: DraftFile, until: number): void {
    this.places.set(`${parent}/${name}/${since}`, [parent, name, since, until, id])
  }

  private count(parent: number, more: number): void {
    this.moreChildren.set(parent, (this.moreChildren.get(parent) ?? 0) + more)
  }
}
