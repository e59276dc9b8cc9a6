import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { IzeError } from '../ize-error.ts'
import { durableWrite } from '../sys/durable-write.ts'

const FILE = 'forgotten'
const HEAD = 'ize forgotten 1'
const LINE = /^([0-9a-f]{64}) (\d{1,12})$/

interface Read {
  readonly stamp: string
  readonly list: ReadonlyMap<string, number>
}

/** What was read last of each store, as long as the file is the same: it is asked for with every content that is missing. */
const known = new Map<string, Read>()
const NOTHING: ReadonlyMap<string, number> = new Map()

/**
 * `objects/forgotten`: the addresses of contents that were forgotten on demand, and when (seconds since 1970). Text, a line
 * each behind a first line that names the format; replaced as a whole. An address in it says why a content is
 * missing, and no more: one that was saved again later is there, and is kept.
 */
export function forgottenContents(objects: string): ReadonlyMap<string, number> {
  const file = join(objects, FILE)
  const facts = statSync(file, { throwIfNoEntry: false, bigint: true })
  if (!facts) return NOTHING
  const stamp = `${facts.ino} ${facts.size} ${facts.mtimeNs}`
  const before = known.get(objects)
  if (before?.stamp === stamp) return before.list
  const list = parse(file, readFileSync(file, 'utf8'))
  known.set(objects, { stamp, list })
  return list
}

/** Adds addresses; they are on the disk then. */
export async function addForgotten(objects: string, addresses: readonly string[], seconds: number): Promise<void> {
  const list = new Map(forgottenContents(objects))
  for (const address of addresses) list.set(address, seconds)
  const lines = [...list].map(([address, time]) => `${address} ${time}\n`)
  await durableWrite(join(objects, FILE), `${HEAD}\n${lines.join('')}`)
}

function parse(file: string, text: string): Map<string, number> {
  const [head, ...lines] = text.trimEnd().split('\n')
  const list = new Map<string, number>()
  for (const line of lines) {
    const [, address, seconds] = LINE.exec(line) ?? []
    if (head !== HEAD || address === undefined) {
      throw new IzeError('E_OBJECTS', `${file} is not what Ize writes there. Put it back from a backup.`, { file })
    }
    list.set(address, Number(seconds))
  }
  return list
}
