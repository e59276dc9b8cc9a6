import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { run } from './processes.ts'

/** The same files on every run and every machine, made from a seed: sources of many sizes, some binary. */
export interface Shape {
  readonly files: number
  /** Of all files together, about. */
  readonly bytes: number
}

const FILES_IN_FOLDER = 14
const FOLDERS_IN_FOLDER = 12
/** Every so many files one is not text. */
const BINARY_EVERY = 25
const WORDS = 4096

/** About as many bytes for each file as sources have. */
export function sourceShape(files: number): Shape {
  return { files, bytes: files * 7_000 }
}

/** Writes the files below `folder`; returns their paths within it. */
export async function makeTree(folder: string, { files, bytes }: Shape): Promise<string[]> {
  const random = numbers(files)
  const words = vocabulary(random)
  const sizes = logNormalSizes(random, files, bytes)
  const paths: string[] = []
  const made = new Set<string>()
  for (const [n, size] of sizes.entries()) {
    const path = pathOf(n)
    const full = join(folder, path)
    if (!made.has(dirname(full))) await mkdir(dirname(full), { recursive: true })
    made.add(dirname(full))
    await writeFile(full, n % BINARY_EVERY === 0 ? noiseOf(random, size) : prose(random, words, size))
    paths.push(path)
  }
  return paths
}

export async function makeTar(tar: string, folder: string): Promise<void> {
  await run('tar', ['cf', tar, '--sort=name', '-C', folder, '.'])
}

/** Text of so many lines, each another one. */
export function numberedText(lines: number): string {
  const random = numbers(lines)
  const words = vocabulary(random)
  return Array.from({ length: lines }, (_, n) => `${n} ${prose(random, words, 40).toString('latin1').trim()}\n`).join(
    '',
  )
}

function pathOf(n: number): string {
  const folder = Math.floor(n / FILES_IN_FOLDER)
  const parts: string[] = []
  for (let rest = folder; rest > 0; rest = Math.floor(rest / FOLDERS_IN_FOLDER))
    parts.unshift(`part-${rest % FOLDERS_IN_FOLDER}`)
  return join(...parts, `source-${n}.${n % BINARY_EVERY === 0 ? 'bin' : 'c'}`)
}

/** Few large files, many small ones, as in any source tree; scaled to the wanted sum. */
function logNormalSizes(random: () => number, files: number, bytes: number): number[] {
  const weights = Array.from({ length: files }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    return Math.exp(1.2 * normal)
  })
  const sum = weights.reduce((all, weight) => all + weight, 0)
  return weights.map((weight) => Math.round((weight / sum) * bytes))
}

function vocabulary(random: () => number): Buffer[] {
  return Array.from({ length: WORDS }, () => {
    const letters = Array.from({ length: 2 + Math.floor(random() * 9) }, () => 97 + Math.floor(random() * 26))
    return Buffer.from([...letters, 32])
  })
}

function prose(random: () => number, words: readonly Buffer[], size: number): Buffer {
  const text = Buffer.alloc(size, 10)
  for (let at = 0, line = 0; at < size;) {
    const word = words[Math.floor(random() ** 3 * WORDS)] as Buffer
    at += word.copy(text, at)
    line += word.length
    if (line > 70 && at < size) {
      text[at - 1] = 10
      line = 0
    }
  }
  if (size > 0) text[size - 1] = 10
  return text
}

/** Bytes that do not compress; the same for the same seed. */
export function noise(size: number, seed: number): Buffer {
  return noiseOf(numbers(seed), size)
}

function noiseOf(random: () => number, size: number): Buffer {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32LE(Math.floor(random() * 2 ** 32), at)
  return bytes
}

/** Numbers from 0 to 1 that look random and are the same each time (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
