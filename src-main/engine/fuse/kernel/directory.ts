import type { Inode } from '../../namespace/inode.ts'
import { indexAfter } from '../../namespace/listing.ts'
import type { Namespace } from '../../namespace/namespace.ts'
import { ENTRY_OUT, OUT_HEADER } from './protocol.ts'
import type { Reply } from './reply.ts'

const DIRENT = 24
/** Directories whose order is kept for the next page. */
const KEPT_LISTINGS = 32

/**
 * Answers READDIR and READDIRPLUS. There is no open directory: the cookie alone says where a reader goes on, since the
 * order depends on the names only (namespace/listing.ts). `.` and `..` are cookies 1 and 2.
 */
export class DirectoryReader {
  private readonly recent = new Set<Inode>()

  constructor(
    private readonly space: Namespace,
    private readonly reply: Reply,
  ) {}

  read(directory: Inode, cookie: number, size: number, plus: boolean): void {
    const listing = this.space.list(directory)
    this.remember(directory)
    if (cookie <= 2 && listing.names.length > (directory.kids?.size ?? 0)) this.space.loadAll(directory)
    const end = OUT_HEADER + size
    let at = OUT_HEADER
    if (cookie < 1) at = this.put(at, end, '.', 1, directory, plus, false)
    if (cookie < 2 && at > 0) at = this.put(at, end, '..', 2, directory.parent ?? directory, plus, false)
    let last = Math.max(at, OUT_HEADER)
    for (let i = indexAfter(listing, Math.max(cookie, 2)); at > 0 && i < listing.names.length; i++) {
      const name = listing.names[i] as string
      const inode = this.space.lookup(directory, name)
      if (!inode) continue
      at = this.put(at, end, name, listing.cookies[i] as number, inode, plus, true)
      if (at > 0) last = at
    }
    this.reply.send(last - OUT_HEADER)
  }

  /** Writes one entry at `at`; returns the place behind it, or -1 when it does not fit. */
  private put(
    at: number,
    end: number,
    name: string,
    cookie: number,
    inode: Inode,
    plus: boolean,
    counted: boolean,
  ): number {
    const dirent = plus ? at + ENTRY_OUT : at
    const next = dirent + DIRENT + ((name.length + 7) & ~7)
    if (next > end) return -1
    if (plus && counted) this.reply.putEntry(at, inode)
    else if (plus) this.reply.bytes.fill(0, at, dirent)
    const w = dirent / 4
    this.reply.put64(w, inode.ino)
    this.reply.put64(w + 2, cookie)
    this.reply.put32(w + 4, name.length)
    this.reply.put32(w + 5, inode.mode >>> 12)
    this.reply.bytes.write(name, dirent + DIRENT, 'latin1')
    this.reply.bytes.fill(0, dirent + DIRENT + name.length, next)
    return next
  }

  private remember(directory: Inode): void {
    this.recent.delete(directory)
    this.recent.add(directory)
    if (this.recent.size <= KEPT_LISTINGS) return
    const oldest = this.recent.values().next().value as Inode
    this.recent.delete(oldest)
    oldest.listing = null
    // What was loaded with the listing and never asked for.
    for (const kid of oldest.kids?.values() ?? []) this.space.evict(kid)
  }
}
