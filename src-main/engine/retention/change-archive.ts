import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, constants as zlib } from 'node:zlib'
import { z } from 'zod'
import { IzeError } from '../ize-error.ts'
import { hashBytes, type PijulLogEntry } from '../sys/native.ts'

/**
 * `archive`: the changes that were folded out of Pijul, oldest first, from place 1 of the channel on. Behind a header of
 * 16 bytes ("IzAr", version 1, zeros) stand lots, one behind the other; numbers are little-endian:
 *
 *     0   4  magic "IzLo"
 *     4   4  bytes of the payload
 *     8   6  place of its first change
 *    14   4  changes in it
 *    18  14  zero
 *    32  32  BLAKE3 of the 32 bytes before and the payload (derive-key mode, context `ize 2026-11 archive v1`)
 *    64   …  payload: Brotli of JSON, [hash, state, message, time in ms, metadata] of each change
 *
 * It is only appended to. What counts is what the repository says was folded: lots behind that are of a folding that
 * did not come to its end, and the next one writes over them.
 */
const FILE = { magic: Buffer.from('IzAr'), version: 1, bytes: 16 }
const LOT = { magic: Buffer.from('IzLo'), bytes: 64, checked: 32 }
const CONTEXT = 'ize 2026-11 archive v1'
const QUALITY = 6

const payloadSchema = z.array(z.tuple([z.string(), z.string(), z.string(), z.number(), z.string()]))

interface Lot {
  readonly at: number
  readonly bytes: number
  readonly first: number
  readonly count: number
}

export class ChangeArchive {
  private latest: { readonly lot: Lot; readonly entries: readonly PijulLogEntry[] } | null = null

  private constructor(
    private readonly file: string,
    private fd: number,
    private readonly lots: Lot[],
    private end: number,
  ) {}

  /** Opens it, made if missing, for appending behind the first `count` changes: what is behind them goes. */
  static append(file: string, count: number): ChangeArchive {
    const fd = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600)
    return closedOnError(fd, () => {
      if (fstatSync(fd).size < FILE.bytes) {
        if (count > 0) throw damaged(file, `it ends before change ${count}`)
        writeAll(fd, Buffer.concat([FILE.magic, Buffer.from([FILE.version]), Buffer.alloc(11)]), 0)
        sync(dirname(file))
      }
      const archive = ChangeArchive.scan(file, fd, count)
      ftruncateSync(fd, archive.end)
      return archive
    })
  }

  /** Opens it for reading the first `count` changes. Errors: E_ARCHIVE_DAMAGED when it has not so many. */
  static read(file: string, count: number): ChangeArchive {
    let fd: number
    try {
      fd = openSync(file, 'r')
    } catch (cause) {
      throw damaged(file, `it cannot be opened (${(cause as Error).message})`, cause)
    }
    return closedOnError(fd, () => ChangeArchive.scan(file, fd, count))
  }

  /** How many changes it has. */
  get count(): number {
    const last = this.lots.at(-1)
    return last ? last.first + last.count - 1 : 0
  }

  /** The changes from a place on, as far as they are in its lot; none behind the last. Errors: E_ARCHIVE_DAMAGED. */
  from(place: number): readonly PijulLogEntry[] {
    const lot = this.lotOf(place)
    return lot ? this.entries(lot).slice(place - lot.first) : []
  }

  /** Adds a lot; it is on the disk after `sync`. */
  add(entries: readonly PijulLogEntry[]): void {
    const [first] = entries
    if (!first) return
    if (first.n !== this.count + 1) throw new Error(`change ${first.n} cannot follow change ${this.count}`)
    const rows = entries.map(({ hash, state, message, timeMs, metadata }) => [
      ...[hash, state, message, timeMs],
      metadata.toString('utf8'),
    ])
    const json = Buffer.from(JSON.stringify(rows))
    const payload = brotliCompressSync(json, {
      params: { [zlib.BROTLI_PARAM_QUALITY]: QUALITY, [zlib.BROTLI_PARAM_SIZE_HINT]: json.length },
    })
    const head = Buffer.alloc(LOT.bytes)
    LOT.magic.copy(head)
    head.writeUInt32LE(payload.length, 4)
    head.writeUIntLE(first.n, 8, 6)
    head.writeUInt32LE(entries.length, 14)
    head.write(digest(head, payload), LOT.checked, 'hex')
    writeAll(this.fd, Buffer.concat([head, payload]), this.end)
    this.lots.push({ at: this.end, bytes: payload.length, first: first.n, count: entries.length })
    this.end += LOT.bytes + payload.length
  }

  sync(): void {
    fsyncSync(this.fd)
  }

  /** Reads every lot. Errors: E_ARCHIVE_DAMAGED. */
  check(): void {
    for (const lot of this.lots) this.entries(lot)
  }

  close(): void {
    if (this.fd >= 0) closeSync(this.fd)
    this.fd = -1
  }

  private static scan(file: string, fd: number, count: number): ChangeArchive {
    const start = readAll(fd, 0, FILE.bytes)
    if (!start?.subarray(0, 4).equals(FILE.magic) || start[4] !== FILE.version) {
      throw damaged(file, 'it does not begin as one of this version')
    }
    const lots: Lot[] = []
    let [at, next] = [FILE.bytes, 1]
    while (next <= count) {
      const head = readAll(fd, at, LOT.bytes)
      if (!head?.subarray(0, 4).equals(LOT.magic) || head.readUIntLE(8, 6) !== next) {
        throw damaged(file, `change ${next} is not at byte ${at}`)
      }
      const lot = { at, bytes: head.readUInt32LE(4), first: next, count: head.readUInt32LE(14) }
      lots.push(lot)
      at += LOT.bytes + lot.bytes
      next += lot.count
    }
    if (next !== count + 1) throw damaged(file, `a lot goes beyond change ${count}`)
    return new ChangeArchive(file, fd, lots, at)
  }

  private lotOf(place: number): Lot | undefined {
    let [low, high] = [0, this.lots.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const { first, count } = this.lots[middle]!
      if (place < first) high = middle
      else if (place >= first + count) low = middle + 1
      else return this.lots[middle]
    }
    return undefined
  }

  private entries(lot: Lot): readonly PijulLogEntry[] {
    if (this.latest?.lot === lot) return this.latest.entries
    const bytes = readAll(this.fd, lot.at, LOT.bytes + lot.bytes)
    const [head, payload] = [bytes?.subarray(0, LOT.bytes), bytes?.subarray(LOT.bytes)]
    if (!head || !payload || head.toString('hex', LOT.checked) !== digest(head, payload)) {
      throw damaged(this.file, `the lot at byte ${lot.at} is not what was written`)
    }
    const rows = payloadSchema.parse(JSON.parse(brotliDecompressSync(payload).toString('utf8')))
    const entries = rows.map(([hash, state, message, timeMs, metadata], i) => ({
      ...{ n: lot.first + i, hash, state, message, timeMs },
      metadata: Buffer.from(metadata, 'utf8'),
    }))
    this.latest = { lot, entries }
    return entries
  }
}

function digest(head: Buffer, payload: Buffer): string {
  return hashBytes(Buffer.concat([head.subarray(0, LOT.checked), payload]), CONTEXT)
}

function damaged(file: string, why: string, cause?: unknown): IzeError {
  const what = `The archive of folded changes ${file} is damaged: ${why}. Put it back from a backup.`
  return new IzeError('E_ARCHIVE_DAMAGED', what, { file }, { cause })
}

function closedOnError<T>(fd: number, work: () => T): T {
  try {
    return work()
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

/** Null when there are not so many bytes. */
function readAll(fd: number, at: number, length: number): Buffer | null {
  const bytes = Buffer.alloc(length)
  for (let done = 0; done < length;) {
    const read = readSync(fd, bytes, done, length - done, at + done)
    if (read === 0) return null
    done += read
  }
  return bytes
}

function writeAll(fd: number, bytes: Buffer, at: number): void {
  for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done, bytes.length - done, at + done)
}

function sync(directory: string): void {
  const fd = openSync(directory, 'r')
  fsyncSync(fd)
  closeSync(fd)
}
