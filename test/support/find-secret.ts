import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { projectLayout } from '../../src-main/engine/project/layout.ts'
import { ObjectStore } from '../../src-main/engine/store/object-store.ts'

const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])
const BLOCK = Buffer.from('IzBk')
const LOT = Buffer.from('IzLo')
const ADDRESS = { head: 48, delta: 32, row: 37 }

/**
 * Where a text stands in the files of a project: as raw bytes, in every zstd frame of every file, in the lots of the
 * archive, and in every object that a pack's tables name, differences undone. Paths relative to the project.
 */
export function findSecret(root: string, secret: string): string[] {
  const found = new Set<string>()
  const wanted = Buffer.from(secret)
  const { objects } = projectLayout(root)
  for (const name of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!name.isFile()) continue
    const file = join(name.parentPath, name.name)
    const bytes = readFileSync(file)
    const place = file.slice(root.length + 1)
    if (bytes.includes(wanted)) found.add(place)
    for (const plain of decoded(bytes)) if (plain.includes(wanted)) found.add(`${place} (compressed)`)
    if (!file.endsWith('.pack')) continue
    const store = ObjectStore.open(objects)
    for (const address of addressesIn(bytes)) {
      if (store.getNode(address).bytes.includes(wanted)) found.add(`${place} (${address})`)
    }
    store.close()
  }
  return [...found].sort()
}

function* decoded(bytes: Buffer): Generator<Buffer> {
  for (let at = bytes.indexOf(ZSTD); at >= 0; at = bytes.indexOf(ZSTD, at + 1)) yield unzstd(bytes.subarray(at))
  for (let at = bytes.indexOf(LOT); at >= 0; at = bytes.indexOf(LOT, at + 1)) {
    yield brotliDecompressSync(bytes.subarray(at + 64, at + 64 + bytes.readUInt32LE(at + 4)))
  }
}

/** What can be read of a frame; what is no frame, or has a prefix, gives nothing. */
function unzstd(bytes: Buffer): Buffer {
  try {
    return execFileSync('zstd', ['-dcq'], { input: bytes, stdio: ['pipe', 'pipe', 'ignore'], maxBuffer: 1 << 28 })
  } catch (error) {
    // Bytes behind the frame are an error to it; what it wrote before counts.
    return (error as { stdout?: Buffer }).stdout ?? Buffer.alloc(0)
  }
}

function addressesIn(pack: Buffer): string[] {
  const addresses: string[] = []
  for (let at = 16; pack.subarray(at, at + 4).equals(BLOCK);) {
    const rows = pack.readUInt32LE(at + 8)
    const table = at + ADDRESS.head + (pack[at + 5] === 2 ? ADDRESS.delta : 0)
    for (let row = 0; row < rows; row++) {
      const start = table + row * ADDRESS.row + 1
      addresses.push(pack.toString('hex', start, start + 32))
    }
    at = table + rows * ADDRESS.row + pack.readUInt32LE(at + 16)
  }
  return addresses
}
