import { blocksOf } from '../../namespace/content.ts'
import type { Inode } from '../../namespace/inode.ts'
import type { Namespace } from '../../namespace/namespace.ts'
import { writeReply } from '../../sys/native.ts'
import { linksOf } from '../attributes.ts'
import { ATTR_BYTES, ENTRY_OUT, MAX_WRITE, OUT_HEADER, VALID_SECONDS } from './protocol.ts'

const HIGH = 0x1_0000_0000
const ENOENT = 2

/** Builds replies in one buffer and writes them to the kernel. Structures are those of linux/fuse.h. */
export class Reply {
  readonly bytes = Buffer.alloc(MAX_WRITE + 4096)
  private readonly words = new Uint32Array(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length / 4)
  private uniqueLow = 0
  private uniqueHigh = 0
  /** The request was answered, or is answered elsewhere. */
  answered = false

  constructor(
    readonly fd: number,
    private readonly space: Namespace,
  ) {}

  begin(uniqueLow: number, uniqueHigh: number): void {
    this.uniqueLow = uniqueLow
    this.uniqueHigh = uniqueHigh
    this.answered = false
  }

  /** Sends the header and `payload` bytes that stand behind it. */
  send(payload: number): void {
    this.finish(OUT_HEADER + payload, 0)
  }

  /** 0 or -errno. */
  status(result: number): void {
    this.finish(OUT_HEADER, result < 0 ? result : 0)
  }

  /** A whole reply without payload, to be written later by someone else. */
  statusBytes(result: number): Buffer {
    const out = Buffer.alloc(OUT_HEADER)
    out.writeUInt32LE(OUT_HEADER, 0)
    out.writeInt32LE(result, 4)
    out.writeUInt32LE(this.uniqueLow, 8)
    out.writeUInt32LE(this.uniqueHigh, 12)
    return out
  }

  /** A copy of what `send` would send, to be written later by someone else. */
  whole(payload: number): Buffer {
    this.head(OUT_HEADER + payload, 0)
    return Buffer.from(this.bytes.subarray(0, OUT_HEADER + payload))
  }

  /** The inode, which the kernel knows from now on (FORGET takes that back). */
  entry(inode: Inode): void {
    this.putEntry(OUT_HEADER, inode)
    this.send(ENTRY_OUT)
  }

  /** There is no such name, and the kernel may remember that. */
  noEntry(): void {
    const at = OUT_HEADER / 4
    this.words.fill(0, at, at + ENTRY_OUT / 4)
    this.words[at + 4] = VALID_SECONDS
    this.send(ENTRY_OUT)
  }

  attributes(inode: Inode): void {
    const at = OUT_HEADER / 4
    this.words[at] = VALID_SECONDS
    this.words[at + 1] = 0
    this.words[at + 2] = 0
    this.words[at + 3] = 0
    this.putAttributes(at + 4, inode)
    this.send(16 + ATTR_BYTES)
  }

  /** fuse_open_out at `at` (bytes). */
  putOpen(at: number, flags: number): void {
    const w = at / 4
    this.words[w] = 0
    this.words[w + 1] = 0
    this.words[w + 2] = flags
    this.words[w + 3] = 0
  }

  /** fuse_entry_out at `at` (bytes, a multiple of 4). */
  putEntry(at: number, inode: Inode): void {
    inode.lookups++
    const w = at / 4
    this.put64(w, inode.ino)
    this.words[w + 2] = 0
    this.words[w + 3] = 0
    this.words[w + 4] = VALID_SECONDS
    this.words[w + 5] = 0
    this.words[w + 6] = VALID_SECONDS
    this.words[w + 7] = 0
    this.words[w + 8] = 0
    this.words[w + 9] = 0
    this.putAttributes(w + 10, inode)
  }

  put32(word: number, value: number): void {
    this.words[word] = value
  }

  put64(word: number, value: number): void {
    this.words[word] = value >>> 0
    this.words[word + 1] = Math.floor(value / HIGH)
  }

  /** fuse_attr at a word index. */
  private putAttributes(w: number, inode: Inode): void {
    const words = this.words
    this.put64(w, inode.ino)
    this.put64(w + 2, inode.size)
    this.put64(w + 4, blocksOf(inode, this.space.tree))
    this.put64(w + 6, inode.aSec)
    this.put64(w + 8, inode.mSec)
    this.put64(w + 10, inode.cSec)
    words[w + 12] = inode.aNsec
    words[w + 13] = inode.mNsec
    words[w + 14] = inode.cNsec
    words[w + 15] = inode.mode
    words[w + 16] = linksOf(inode)
    words[w + 17] = inode.uid
    words[w + 18] = inode.gid
    words[w + 19] = inode.rdev
    words[w + 20] = 4096
    words[w + 21] = 0
  }

  private finish(length: number, error: number): void {
    this.answered = true
    this.head(length, error)
    const done = writeReply(this.fd, this.bytes, 0, length)
    // ENOENT: the request was interrupted, nobody waits for the answer any more.
    if (done < 0 && done !== -ENOENT) throw Object.assign(new Error(`reply failed: errno ${-done}`), { errno: done })
  }

  /** fuse_out_header. */
  private head(length: number, error: number): void {
    this.words[0] = length
    this.words[1] = error
    this.words[2] = this.uniqueLow
    this.words[3] = this.uniqueHigh
  }
}
