import { join } from 'node:path'
import { IzeError } from '../ize-error.ts'
import * as native from '../sys/native.ts'
import { forgottenContents } from './forgotten.ts'

export type { ContentJob, StoredContent, StoreFinding, StorePlace, StoreVerified } from '../sys/native.ts'

/** Numbers as in native/core/store/README.md. */
const kinds = { chunk: 1, list: 2, tree: 3, seal: 4, tag: 5, moved: 6 } as const
export type ObjectKind = keyof typeof kinds
/** Objects that are put as they are; chunks and lists come of contents. */
export type NodeKind = 'tree' | 'seal' | 'tag'

export interface StoreOpening {
  /** Takes the store's lock: one handle writes at a time, any number read. */
  readonly write?: boolean
  /** After an unclean stop of the machine: all of the open pack is checked. */
  readonly verify?: boolean
  /** Nodes that are put are written anew where they cannot be read, which is looked at with each of them. */
  readonly mend?: boolean
}

export interface StoredNode {
  readonly kind: ObjectKind
  readonly bytes: Buffer
}

/** The nodes of one kind, for what builds trees of them. */
export interface KindStore {
  get(address: string): Buffer
  put(bytes: Uint8Array, predecessor: string | null): string
}

/**
 * The objects of a project: contents as chunks and lists, trees, seals, tags, in packs below `objects/pack/`; and the
 * contents of the first format, a file each (`objects/ab/cdef…`). All are found by their BLAKE3 address. What is read is
 * checked; a wrong byte is an error, never a wrong content.
 *
 * What is put can be read at once. It is in a file after `publish`, and outlives the machine after `flush`, or once
 * what `publish` returns was flushed by others. Errors: E_OBJECTS, E_OBJECT_MISSING, E_FORGOTTEN (missing on demand),
 * E_OBJECT_DAMAGED, E_OBJECT_LARGE.
 */
export class ObjectStore {
  private constructor(
    private readonly directory: string,
    private readonly store: native.NativeObjectStore,
    private readonly mends: boolean,
  ) {}

  /** Opens `objects/`, which exists. */
  static open(directory: string, { write = false, verify = false, mend = false }: StoreOpening = {}): ObjectStore {
    try {
      const bytes = Buffer.from(directory).toString('latin1')
      return new ObjectStore(directory, native.NativeObjectStore.open(bytes, { write, verify }), mend)
    } catch (error) {
      throw named(error, directory)
    }
  }

  /** Keeps the content of a file. With the version before it, what is new is kept as a difference where that pays. */
  putContent(job: native.ContentJob, keepUpTo = 0): native.StoredContent {
    return this.guarded(() => this.store.putContent(job, keepUpTo))
  }

  /** Keeps a content that is in memory. */
  put(bytes: Uint8Array, hint = ''): native.StoredContent {
    return this.guarded(() => this.store.putBytes(bytes, hint))
  }

  /**
   * Keeps contents on all cores; results in the order of the jobs. Texts up to `keepUpTo` bytes come back with them. The
   * descriptors stay open until it is settled.
   */
  async putContents(jobs: readonly native.ContentJob[], keepUpTo = 0): Promise<native.StoredContent[]> {
    return this.awaited(() => this.store.putContents([...jobs], keepUpTo))
  }

  /** Keeps a node and returns its address. `predecessor`: the node that it replaces, which is likely to be similar. */
  putNode(kind: NodeKind, bytes: Uint8Array, predecessor: string | null = null): string {
    if (this.mends) this.replaceNode(kind, bytes)
    return this.guarded(() => this.store.putNode(kinds[kind], bytes, predecessor))
  }

  /** Writes a node anew when the store has it and cannot read it; whether it was written. Written as all that is put. */
  replaceNode(kind: NodeKind, bytes: Uint8Array): boolean {
    return this.guarded(() => this.store.replaceNode(kinds[kind], bytes))
  }

  /**
   * Writes anew what cannot be read of a content, given its bytes as the segments of a ContentJob, and reads all of it for
   * that. False: they are not that content, and nothing was written.
   */
  replaceContent(object: string, segments: Float64Array): boolean {
    return this.guarded(() => this.store.replaceContent(object, segments), object)
  }

  /** An object of any kind. */
  getNode(address: string): StoredNode {
    const { kind, bytes } = this.guarded(() => this.store.getNode(address), address)
    const name = Object.entries(kinds).find(([, number]) => number === kind)?.[0] as ObjectKind
    return { kind: name, bytes }
  }

  /** Nodes of one kind: what is of another kind is E_OBJECT_DAMAGED. */
  nodes(of: NodeKind): KindStore {
    return {
      get: (address) => {
        const { kind, bytes } = this.getNode(address)
        if (kind === of) return bytes
        const what = `The object ${address} in ${this.directory} is a ${kind} where a ${of} should be.`
        throw new IzeError('E_OBJECT_DAMAGED', what, { object: address })
      },
      put: (bytes, predecessor) => this.putNode(of, bytes, predecessor),
    }
  }

  /** Whether there is an object or a content of this address; it is not read. */
  has(address: string): boolean {
    return this.guarded(() => this.store.has(address), address)
  }

  /** Whether a content was forgotten on demand and is not there any more. */
  isForgotten(object: string): boolean {
    return this.forgotten().has(object) && !this.has(object)
  }

  /** Contents that were forgotten on demand; some may have been saved again since. */
  forgotten(): ReadonlyMap<string, number> {
    return forgottenContents(this.directory)
  }

  /** The addresses in a list, or where a content of the first format is now; of other objects none. */
  children(address: string): readonly string[] {
    return this.guarded(() => this.store.children(address), address)
  }

  /** Bytes of a content. */
  size(object: string): number {
    return this.guarded(() => this.store.size(object), object)
  }

  /** A content of up to `limit` bytes. */
  read(object: string, limit: number): Buffer {
    return this.guarded(() => this.store.read(object, limit), object)
  }

  /** As much of a part of a content as there is; nothing else of it is read. */
  readRange(object: string, offset: number, length: number): Buffer {
    return this.guarded(() => this.store.readRange(object, offset, length), object)
  }

  /** Writes a content to a descriptor, at its position, and returns its size. When it fails, what was written is void. */
  async copyTo(object: string, fd: number): Promise<number> {
    return this.awaited(() => this.store.copyTo(object, fd), object)
  }

  /** Writes what was put; the paths of what must be flushed before anything refers to it. */
  publish(): string[] {
    return this.guarded(() => this.store.publish()).map((path) => join(this.directory, path))
  }

  /** Writes and flushes what was put. */
  async flush(): Promise<void> {
    return this.awaited(() => this.store.flush())
  }

  /** What was unsound when packs were opened; all else can be read. */
  problems(): readonly native.StoreFinding[] {
    return this.guarded(() => this.store.problems())
  }

  /** Checks about `budget` bytes from `place` on (null: from the start): every checksum, every object's address. */
  async verify(place: native.StorePlace | null, budget: number): Promise<native.StoreVerified> {
    return this.awaited(() => this.store.verify(place, budget))
  }

  /** Begins a collection, between batches: from now on what is put is written even if a pack has it. */
  gcBegin(): void {
    this.guarded(() => this.store.gcBegin())
  }

  /**
   * Writes what is reachable (addresses, 32 bytes each, what became history first stands first) anew, flushes it, and
   * removes the packs and loose contents that there were when it began; packs that a collection wrote stay, when at most
   * `lost` thousandths of them go. Killed anywhere, or rejected, it has lost nothing; rejected, what it wrote goes again.
   */
  async gcRewrite(reachable: Uint8Array, lost: number): Promise<{ readonly before: number; readonly after: number }> {
    const [before = 0, after = 0] = await this.awaited(() => this.store.gcRewrite(reachable, lost))
    return { before, after }
  }

  /** Blocks that a collection has written, and how many it writes; both 0 until that is known. */
  gcProgress(): { readonly done: number; readonly total: number } {
    const [done = 0, total = 0] = this.guarded(() => this.store.gcProgress())
    return { done, total }
  }

  /** Ends a collection, also one that runs; nothing is removed. */
  gcAbort(): void {
    this.guarded(() => this.store.gcAbort())
  }

  /** Lets the lock go. What was not published is lost. */
  close(): void {
    this.store.close()
  }

  private guarded<T>(call: () => T, object?: string): T {
    try {
      return call()
    } catch (error) {
      throw named(error, this.directory, object)
    }
  }

  private async awaited<T>(call: () => Promise<T>, object?: string): Promise<T> {
    try {
      return await call()
    } catch (error) {
      throw named(error, this.directory, object)
    }
  }
}

/** The address that a content has in any store. */
export function contentAddress(segments: Float64Array): string {
  return native.contentAddress(segments)
}

function forgotten(object: string): IzeError {
  return new IzeError('E_FORGOTTEN', 'The content of this version was forgotten: it was removed for good on demand.', {
    object,
  })
}

function named(error: unknown, directory: string, object?: string): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error ? error.code : undefined
  const [what, more] = [object ?? 'of a version', [object === undefined ? {} : { object }, { cause: error }] as const]
  switch (code) {
    case 'EIZE_OBJECT_MISSING':
      if (object !== undefined && forgottenContents(directory).has(object)) return forgotten(object)
      return new IzeError('E_OBJECT_MISSING', `The content ${what} is missing in ${directory}.`, ...more)
    case 'EIZE_OBJECT_DAMAGED':
      return new IzeError('E_OBJECT_DAMAGED', `The content in ${directory} is damaged: ${error.message}.`, ...more)
    case 'EIZE_OBJECT_LARGE':
      return new IzeError('E_OBJECT_LARGE', `The content ${what} is too large for this.`, ...more)
    case 'EIZE_STORE_BUSY':
      return new IzeError('E_OBJECTS', `The object store ${directory} is being written by another process.`, ...more)
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EACCES':
      return new IzeError('E_OBJECTS', `The object store ${directory} cannot be opened: ${error.message}.`, ...more)
    default:
      return error
  }
}
