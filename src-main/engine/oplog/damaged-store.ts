import {
  closeSync,
  copyFileSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

/**
 * `dirty/damaged/`: bytes that were taken off the log, or copies of what is refused, each with a .txt that says what
 * and when. Nothing reads them but a person; nothing removes them.
 */
const CHUNK = 1024 * 1024

/** A copy of a whole segment, made once however often the log is refused. Returns its name below dirty/. */
export function keepCopy(dir: string, segment: string, what: string): string {
  const name = join('damaged', `${segment}.refused`)
  if (existsSync(join(dir, name))) return name
  return put(dir, name, what, (to) => copyFileSync(join(dir, segment), to, constants.COPYFILE_FICLONE))
}

/** The end of a segment from an offset on; null when nothing is there. Synced before it returns, since a cut follows. */
export function keepTail(dir: string, segment: string, offset: number, what: string): string | null {
  const from = join(dir, segment)
  if (statSync(from).size <= offset) return null
  return put(dir, unused(dir, `${segment}.from-${offset}`), what, (to) => copyFrom(from, offset, to))
}

/** A whole segment goes aside. */
export function moveAside(dir: string, segment: string, what: string): string {
  return put(dir, unused(dir, segment), what, (to) => renameSync(join(dir, segment), to))
}

export function syncDirectory(dir: string): void {
  syncPath(dir)
}

function put(dir: string, name: string, what: string, fill: (to: string) => void): string {
  mkdirSync(join(dir, 'damaged'), { recursive: true, mode: 0o700 })
  const to = join(dir, name)
  const note = openSync(`${to}.txt`, 'w', 0o600)
  try {
    writeSync(note, `${new Date().toISOString()}\n${what}\n`)
    fill(to)
    fsyncSync(note)
    syncPath(to)
    syncPath(join(dir, 'damaged'))
  } catch (error) {
    if (existsSync(to)) rmSync(to)
    rmSync(`${to}.txt`)
    throw error
  } finally {
    closeSync(note)
  }
  return name
}

function unused(dir: string, name: string): string {
  for (let n = 1; ; n++) {
    const candidate = join('damaged', `${name}.${n}`)
    if (!existsSync(join(dir, candidate))) return candidate
  }
}

function copyFrom(from: string, offset: number, to: string): void {
  const source = openSync(from, 'r')
  const target = openSync(to, 'wx', 0o600)
  try {
    const buffer = Buffer.allocUnsafe(CHUNK)
    for (let at = offset; ;) {
      const got = readSync(source, buffer, 0, CHUNK, at)
      if (got === 0) return
      for (let done = 0; done < got;) done += writeSync(target, buffer, done, got - done)
      at += got
    }
  } finally {
    closeSync(source)
    closeSync(target)
  }
}

function syncPath(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
