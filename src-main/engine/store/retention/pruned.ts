import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IzeError } from '../../ize-error.ts'
import { durableWrite } from '../../sys/durable-write.ts'
import { hashBytes } from '../../sys/native.ts'

/** What a prune lets go of. */
export interface PruneOrder {
  /** The newest change that was considered: what a later one brings stays, also of these contents. */
  readonly upTo: number
  /** The policy, as it is written. */
  readonly keep: string
  /** Addresses of contents. */
  readonly objects: readonly string[]
}

export interface Prune {
  readonly upTo: number
  readonly keep: string
  /** Milliseconds. */
  readonly time: number
}

/**
 * Which contents were pruned, and when: records one behind the other, oldest first. Numbers are little-endian.
 *
 * | offset | bytes  | what                                                                    |
 * | ------ | ------ | ----------------------------------------------------------------------- |
 * | 0      | 4      | magic `IzPr`                                                            |
 * | 4      | 1      | version, 1                                                              |
 * | 5      | 1      | 0: a prune; 1: what the prunes before let go of has been collected; 2: the last prune was withdrawn |
 * | 6      | 2      | bytes of the policy                                                     |
 * | 8      | 8      | the newest change that was considered                                   |
 * | 16     | 8      | time, in milliseconds                                                   |
 * | 24     | 4      | contents                                                                |
 * | 28     | …      | the policy (UTF-8), then 32 bytes for each content: its address         |
 * | …      | 16     | BLAKE3 of all before, its first 16 bytes                                |
 *
 * The file is replaced whole and never half written; so is its copy, after it. What one of them has lost the other has.
 */
export class Pruned {
  private constructor(
    private readonly contents: ReadonlyMap<string, Prune>,
    /** What was let go of may still be in the store: the collection that drops it was not finished. */
    readonly due: boolean,
    /** What of the two files cannot be read, a sentence each. */
    readonly problems: readonly string[],
    private readonly bytes: Buffer,
    private readonly files: readonly [string, string],
  ) {}

  /** Of the project whose directory is `root`. Damage does not fail it, but is told in `problems`. */
  static read(root: string): Pruned {
    const files = prunedFiles(root)
    const [file, copy] = files.map((file) => {
      const bytes = readIfThere(file)
      return { file, bytes, ...parse(bytes) }
    }) as [Parsed, Parsed]
    const best = copy.whole > file.whole ? copy : file
    const problems = [file, copy].flatMap((one) => {
      if (one.whole === one.bytes.length && one.whole === best.whole) return []
      const why = one.bytes.length === 0 ? 'is missing or empty' : `is damaged or not whole, from byte ${one.whole} on`
      return [`${one.file} ${why}.`]
    })
    return new Pruned(best.contents, best.due, problems, best.bytes.subarray(0, best.whole), files)
  }

  /** How many contents were ever pruned. */
  get size(): number {
    return this.contents.size
  }

  /** Every content that was ever pruned. */
  objects(): Iterable<string> {
    return this.contents.keys()
  }

  /** The last prune that let go of a content; it may be back, when a later change brought it again. */
  of(object: string): Prune | undefined {
    return this.contents.get(object)
  }

  /** Whether what nothing newer than this change needs is to go. */
  letsGo(object: string, newestChange: number): boolean {
    return (this.contents.get(object)?.upTo ?? 0) >= newestChange
  }

  /** Writes a record behind the others; it is on the disk then. */
  async add({ upTo, keep, objects }: PruneOrder, time: number): Promise<void> {
    await this.write(record({ kind: PRUNE, upTo, keep, time, objects }))
  }

  /** What was let go of is gone. */
  async settle(time: number): Promise<void> {
    if (this.due) await this.write(record({ kind: COLLECTED, upTo: 0, keep: '', time, objects: [] }))
  }

  /** The last prune is not to be: it is due, and nothing that it let go of has gone. */
  async withdraw(time: number): Promise<void> {
    if (this.due) await this.write(record({ kind: WITHDRAWN, upTo: 0, keep: '', time, objects: [] }))
  }

  /** Writes both files anew from what could be read. Only where `problems` has something: what neither had is lost. */
  async mend(): Promise<void> {
    await this.write(Buffer.alloc(0))
  }

  private async write(more: Buffer): Promise<void> {
    const bytes = Buffer.concat([this.bytes, more])
    for (const file of this.files) await durableWrite(file, bytes)
  }
}

/** The file and its copy. */
export function prunedFiles(root: string): [string, string] {
  return [join(root, 'pruned'), join(root, 'meta', 'pruned')]
}

const MAGIC = Buffer.from('IzPr')
const VERSION = 1
const [PRUNE, COLLECTED, WITHDRAWN] = [0, 1, 2]
const HEAD_BYTES = 28
const ADDRESS_BYTES = 32
const CHECK_BYTES = 16
const CONTEXT = 'ize 2026-11 pruned v1'

interface Parsed {
  readonly file: string
  readonly bytes: Buffer
  /** Bytes from the start that are sound. */
  readonly whole: number
  readonly contents: ReadonlyMap<string, Prune>
  readonly due: boolean
}

function parse(bytes: Buffer): Pick<Parsed, 'whole' | 'contents' | 'due'> {
  const prunes: { readonly prune: Prune; readonly addresses: Buffer; collected: boolean }[] = []
  let whole = 0
  for (let at = 0; at < bytes.length; at = whole) {
    const length = lengthOf(bytes.subarray(at))
    const body = bytes.subarray(at, at + length - CHECK_BYTES)
    if (length === 0 || !checkOf(body).equals(bytes.subarray(at + length - CHECK_BYTES, at + length))) break
    whole = at + length
    if (body[5] === WITHDRAWN) prunes.pop()
    else if (body[5] === COLLECTED) for (const one of prunes) one.collected = true
    else {
      const head = HEAD_BYTES + body.readUInt16LE(6)
      const keep = body.toString('utf8', HEAD_BYTES, head)
      const prune = { upTo: Number(body.readBigUInt64LE(8)), keep, time: Number(body.readBigUInt64LE(16)) }
      prunes.push({ prune, addresses: body.subarray(head), collected: false })
    }
  }
  const contents = new Map<string, Prune>()
  for (const { prune, addresses } of prunes) {
    for (let from = 0; from < addresses.length; from += ADDRESS_BYTES) {
      contents.set(addresses.toString('hex', from, from + ADDRESS_BYTES), prune)
    }
  }
  return { whole, contents, due: prunes.some(({ collected }) => !collected) }
}

/** Of the record that begins there; 0: none does, or not all of it is there. */
function lengthOf(bytes: Buffer): number {
  if (bytes.length < HEAD_BYTES || !bytes.subarray(0, 4).equals(MAGIC) || bytes[4] !== VERSION) return 0
  const length = HEAD_BYTES + bytes.readUInt16LE(6) + bytes.readUInt32LE(24) * ADDRESS_BYTES + CHECK_BYTES
  return length <= bytes.length ? length : 0
}

function record(of: Prune & { readonly kind: number; readonly objects: readonly string[] }): Buffer {
  const keep = Buffer.from(of.keep)
  const head = Buffer.alloc(HEAD_BYTES)
  MAGIC.copy(head)
  head[4] = VERSION
  head[5] = of.kind
  head.writeUInt16LE(keep.length, 6)
  head.writeBigUInt64LE(BigInt(of.upTo), 8)
  head.writeBigUInt64LE(BigInt(Math.floor(of.time)), 16)
  head.writeUInt32LE(of.objects.length, 24)
  const addresses = Buffer.from(of.objects.join(''), 'hex')
  if (addresses.length !== of.objects.length * ADDRESS_BYTES) {
    throw new IzeError('E_INTERNAL', 'What is to be pruned is not named by addresses.')
  }
  const body = Buffer.concat([head, keep, addresses])
  return Buffer.concat([body, checkOf(body)])
}

function checkOf(body: Buffer): Buffer {
  return Buffer.from(hashBytes(body, CONTEXT), 'hex').subarray(0, CHECK_BYTES)
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}
