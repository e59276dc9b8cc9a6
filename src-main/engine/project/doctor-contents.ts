import { constants, closeSync, fstatSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { pathToText } from '../../../src-preload/path-text.ts'
import { openIndexForReading } from '../history/index-schema.ts'
import { pijulPath } from '../recorder/pijul-names.ts'
import { IzeError } from '../ize-error.ts'
import type { Channel } from '../retention/channel.ts'
import { ObjectStore } from '../store/object-store.ts'
import { Pruned } from '../store/retention/pruned.ts'
import type { Findings } from './finding.ts'
import type { ProjectLayout } from './layout.ts'

/** A file that has no name yet. */
const O_TMPFILE = 0o20200000

const contentRow = z.object({ path: z.string(), object: z.string(), newest: z.number() })
type Content = z.infer<typeof contentRow>

/**
 * Whether the content of every version is there; "ize verify" reads them all. With `fix` they are read, too, and what is
 * missing or damaged is put back where working/ or Pijul still has it.
 */
export async function checkContents(
  findings: Findings,
  layout: ProjectLayout,
  repository: Channel,
  fix: boolean,
): Promise<void> {
  const pruned = await checkPruned(findings, layout, fix)
  const [contents, forgotten] = contentsOf(layout)
  const missing = missingOf(layout, contents, fix).filter(({ object, newest }) => !pruned.letsGo(object, newest))
  const left = fix && missing.length > 0 ? await putBack(layout, repository, missing) : missing
  if (missing.length === 0) {
    const but = pruned.size === 0 ? '' : ' that were not pruned'
    const beside = forgotten === 0 ? '' : `, beside ${forgotten} that were forgotten`
    return findings.ok(
      'objects',
      `The contents of all versions${but} are there; ${contents.length} objects were looked for${beside}.`,
    )
  }
  const back = missing.length - left.length
  if (back > 0)
    findings.note('objects', `${back} contents were missing or damaged, and are put back from working/ or Pijul.`)
  if (left.length === 0) return
  const paths = left
    .slice(0, 3)
    .map(({ path }) => `"${pathToText(path)}"`)
    .join(', ')
  findings.error(
    'objects',
    `The contents of ${left.length} versions are ${fix ? 'missing or damaged' : 'missing'}, among them of ${paths}.`,
    fix
      ? 'Put the folder objects/ back from a backup.'
      : '"ize doctor --fix" puts back what working/ and Pijul still have; for the rest, put the folder objects/ back from a backup.',
  )
}

/** The notes of what was pruned, kept twice: what one of them has lost the other has. */
async function checkPruned(findings: Findings, { root }: ProjectLayout, fix: boolean): Promise<Pruned> {
  const pruned = Pruned.read(root)
  const why = pruned.problems.join(' ')
  if (why === '') return pruned
  const lost = pruned.problems.length > 1
  if (fix && !lost) await pruned.mend()
  if (lost) {
    findings.error('pruned', `${why} Contents that it named look missing.`, 'Put one of them back from a backup.')
  } else if (fix) findings.note('pruned', `${why} It was made anew from its copy.`)
  else findings.warning('pruned', why, 'Nothing is lost: "ize doctor --fix" makes it anew from its copy.')
  return pruned
}

/** Of all versions but those that were forgotten, and how many those are. */
function contentsOf({ index, objects }: ProjectLayout): [Content[], number] {
  const sqlite = openIndexForReading(index)
  const store = ObjectStore.open(objects)
  try {
    const rows = sqlite.all(
      `SELECT path, json_extract(state, '$.object') object, max(change) newest FROM version WHERE object IS NOT NULL GROUP BY object`,
    )
    const all = rows.map((row) => contentRow.parse(row))
    const left = all.filter(({ object }) => !store.isForgotten(object))
    return [left, all.length - left.length]
  } finally {
    store.close()
    sqlite.close()
  }
}

/** With `read`, all of them are read and checked. */
function missingOf({ objects }: ProjectLayout, contents: readonly Content[], read: boolean): Content[] {
  const store = ObjectStore.open(objects)
  try {
    return contents.filter(({ object }) => !isSound(store, object, read))
  } finally {
    store.close()
  }
}

function isSound(store: ObjectStore, object: string, read: boolean): boolean {
  try {
    if (!store.has(object)) return false
    const children = store.children(object)
    if (children.length === 0 && read) store.read(object, Number.MAX_SAFE_INTEGER)
    return children.every((child) => isSound(store, child, read))
  } catch (error) {
    if (error instanceof IzeError && (error.code === 'E_OBJECT_MISSING' || error.code === 'E_OBJECT_DAMAGED'))
      return false
    throw error
  }
}

/** Returns what still cannot be read. */
async function putBack(layout: ProjectLayout, repository: Channel, missing: Content[]): Promise<Content[]> {
  const store = ObjectStore.open(layout.objects, { write: true })
  try {
    const tracked = new Set(await repository.tracked())
    for (const { path, object } of missing) {
      if (fromWorking(store, join(layout.working, path), object)) continue
      const name = pijulPath(path)
      if (tracked.has(name)) fromBytes(store, layout.tmp, await repository.read(name), object)
    }
    await store.flush()
    return missing.filter(({ object }) => !isSound(store, object, true))
  } finally {
    store.close()
  }
}

/** `path` has one char per byte. False: it is not that content. */
function fromWorking(store: ObjectStore, path: string, object: string): boolean {
  const fd = openFile(path)
  if (fd === null) return false
  try {
    const facts = fstatSync(fd)
    return facts.isFile() && store.replaceContent(object, segmentsOf(fd, facts.size))
  } finally {
    closeSync(fd)
  }
}

function fromBytes(store: ObjectStore, tmp: string, bytes: Buffer, object: string): boolean {
  const fd = openSync(tmp, constants.O_RDWR | O_TMPFILE, 0o600)
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done)
    return store.replaceContent(object, segmentsOf(fd, bytes.length))
  } finally {
    closeSync(fd)
  }
}

function segmentsOf(fd: number, size: number): Float64Array {
  return Float64Array.from(size === 0 ? [] : [fd, 0, size])
}

function openFile(path: string): number | null {
  try {
    return openSync(Buffer.from(path, 'latin1'), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return null
  }
}
