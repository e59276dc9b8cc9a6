/**
 * The client: does one kind of work in a folder and prints `{"seconds": …}`. A process of its own, so that starting it
 * is not measured and nothing else runs in its thread.
 */
import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'

const MiB = 1024 * 1024
const FILES_IN_FOLDER = 100
/** Files that the saves go round. */
const SAVED_FILES = 20
const PROBE_PAUSE_MS = 2

const kinds: Record<string, (folder: string, amount: number, extra: string) => number | Promise<object>> = {
  create: (folder, files) => {
    const content = Buffer.alloc(1024, 'ize ')
    for (let n = 0; n < files; n += FILES_IN_FOLDER) fs.mkdirSync(join(folder, `d${n / FILES_IN_FOLDER}`))
    return seconds(() => {
      for (let n = 0; n < files; n++) {
        fs.writeFileSync(join(folder, `d${Math.floor(n / FILES_IN_FOLDER)}`, `f${n}`), content)
      }
    })
  },

  /** As editors do it: a new file beside the old one, renamed over it. */
  saves: (folder, saves) => {
    const content = Buffer.alloc(16 * 1024, 'A line that is saved again and again.\n')
    return seconds(() => {
      for (let n = 0; n < saves; n++) {
        const name = join(folder, `text-${n % SAVED_FILES}`)
        content.write(String(n).padStart(8))
        fs.writeFileSync(`${name}.new`, content)
        fs.renameSync(`${name}.new`, name)
      }
    })
  },

  'small-writes': (folder, writes) => {
    const content = Buffer.alloc(100, 'x')
    const fd = fs.openSync(join(folder, 'small'), 'w')
    const spent = seconds(() => {
      for (let n = 0; n < writes; n++) fs.writeSync(fd, content)
    })
    fs.closeSync(fd)
    return spent
  },

  /** `extra` names a file with one path in each line. */
  stat: (folder, _amount, list) => {
    const paths = fs
      .readFileSync(list, 'utf8')
      .split('\n')
      .map((path) => join(folder, path))
    return seconds(() => {
      for (const path of paths) fs.statSync(path)
    })
  },

  'write-big': (folder, bytes) => {
    const part = noise(MiB)
    return seconds(() => {
      const fd = fs.openSync(join(folder, 'big'), 'w')
      for (let at = 0; at < bytes; at += MiB) {
        part.writeDoubleLE(at, 0)
        fs.writeSync(fd, part)
      }
      fs.closeSync(fd)
    })
  },

  'read-big': (folder, bytes) => {
    const part = Buffer.alloc(MiB)
    return seconds(() => {
      const fd = fs.openSync(join(folder, 'big'), 'r')
      let left = bytes
      for (let got = 1; got > 0; left -= got) got = fs.readSync(fd, part)
      fs.closeSync(fd)
      if (left !== 0) throw new Error(`${left} bytes are missing from the big file.`)
    })
  },

  /** 4 KiB each, all over the big file; `extra` is its size. */
  'write-randomly': (folder, writes, size) => {
    const part = noise(4096)
    const pages = Number(size) / part.length
    const fd = fs.openSync(join(folder, 'big'), 'r+')
    let state = 1
    const spent = seconds(() => {
      for (let n = 0; n < writes; n++) {
        state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
        fs.writeSync(fd, part, 0, part.length, (state % pages) * part.length)
      }
    })
    fs.closeSync(fd)
    return spent
  },

  /** A little of everything a program does to its files: four operations for each. */
  mixed: (folder, operations) => {
    const content = Buffer.alloc(200, 'mixed ')
    for (let n = 0; n < operations / 4; n += FILES_IN_FOLDER) fs.mkdirSync(join(folder, `m${n / FILES_IN_FOLDER}`))
    return seconds(() => {
      for (let n = 0; n < operations / 4; n++) {
        const name = join(folder, `m${Math.floor(n / FILES_IN_FOLDER)}`, `f${n}`)
        const fd = fs.openSync(name, 'w')
        fs.writeSync(fd, content)
        fs.writeSync(fd, content)
        fs.closeSync(fd)
        fs.renameSync(name, `${name}.done`)
      }
    })
  },

  /** So many operations in each second, for `extra` seconds; four for each file. Says how many were done in that time. */
  steady: async (folder, perSecond, lasting) => {
    const content = Buffer.alloc(200, 'steady ')
    const wait = new Int32Array(new SharedArrayBuffer(4))
    const begun = performance.now()
    let files = 0
    const spent = seconds(() => {
      for (; performance.now() < begun + Number(lasting) * 1000; files++) {
        const early = begun + (files * 4000) / perSecond - performance.now()
        if (early > 1) Atomics.wait(wait, 0, 0, early)
        const directory = join(folder, `s${Math.floor(files / FILES_IN_FOLDER)}`)
        if (files % FILES_IN_FOLDER === 0) fs.mkdirSync(directory)
        const name = join(directory, `f${files}`)
        const fd = fs.openSync(name, 'w')
        fs.writeSync(fd, content)
        fs.writeSync(fd, content)
        fs.closeSync(fd)
        fs.renameSync(name, `${name}.done`)
      }
    })
    return { perSecond: (files * 4) / spent }
  },

  /** 4 KiB appended and flushed over and over, while `extra` is copied into the folder. */
  'sync-beside-copy': async (folder, _amount, source) => {
    const copy = spawn('cp', [source, join(folder, 'copy')], { stdio: 'inherit' })
    let code: number | null | undefined
    copy.on('close', (ended) => (code = ended))
    const content = noise(4096)
    const fd = fs.openSync(join(folder, 'synced'), 'w')
    const milliseconds: number[] = []
    while (code === undefined) {
      const spent = seconds(() => {
        fs.writeSync(fd, content)
        fs.fsyncSync(fd)
      })
      milliseconds.push(spent * 1000)
      await new Promise((done) => setTimeout(done, PROBE_PAUSE_MS))
    }
    fs.closeSync(fd)
    if (code !== 0) throw new Error(`cp ended with code ${code ?? '(a signal)'}.`)
    return { milliseconds }
  },
}

function seconds(work: () => void): number {
  const begun = performance.now()
  work()
  return (performance.now() - begun) / 1000
}

/** Bytes that do not compress. */
function noise(length: number): Buffer {
  let state = 88172645
  const bytes = Buffer.alloc(length)
  for (let at = 0; at + 4 <= length; at += 4) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes.writeInt32LE(state | 0, at)
  }
  return bytes
}

async function main(): Promise<void> {
  const [kind = '', folder = '', amount = '0', extra = ''] = process.argv.slice(2)
  const work = kinds[kind]
  if (!work) throw new Error(`There is no work named "${kind}".`)
  const result = await work(folder, Number(amount), extra)
  console.log(JSON.stringify(typeof result === 'number' ? { seconds: result } : result))
}

void main()
