import { constants, closeSync, fstatSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { pathToText } from '../../../src-preload/path-text.ts'
import { openIndexForReading } from '../history/index-schema.ts'
import { pijulPath } from '../recorder/pijul-names.ts'
import { endingOf } from '../store/ending.ts'
import { contentAddress, ObjectStore } from '../store/object-store.ts'
import type { PijulRepository } from '../sys/native.ts'
import type { Findings } from './finding.ts'
import type { ProjectLayout } from './layout.ts'

const contentRow = z.object({ path: z.string(), object: z.string() })
type Content = z.infer<typeof contentRow>

/**
 * Whether the content of every version is there; "ize verify" reads them all. With `fix`, what is missing is put back
 * where working/ or Pijul still has it.
 */
export async function checkContents(
  findings: Findings,
  layout: ProjectLayout,
  repository: PijulRepository,
  fix: boolean,
): Promise<void> {
  const contents = contentsOf(layout)
  const missing = missingOf(layout, contents)
  const left = fix && missing.length > 0 ? await putBack(layout, repository, missing) : missing
  if (missing.length === 0) {
    return findings.ok('objects', `The contents of all versions are there: ${contents.length} objects.`)
  }
  const back = missing.length - left.length
  if (back > 0) findings.note('objects', `${back} contents were missing, and are put back from working/ or Pijul.`)
  if (left.length === 0) return
  const paths = left
    .slice(0, 3)
    .map(({ path }) => `"${pathToText(path)}"`)
    .join(', ')
  findings.error(
    'objects',
    `The contents of ${left.length} versions are missing, among them of ${paths}.`,
    fix
      ? 'Put the folder objects/ back from a backup.'
      : '"ize doctor --fix" puts back what working/ and Pijul still have; for the rest, put the folder objects/ back from a backup.',
  )
}

function contentsOf({ index }: ProjectLayout): Content[] {
  const sqlite = openIndexForReading(index)
  try {
    const rows = sqlite.all(
      `SELECT path, json_extract(state, '$.object') object FROM version WHERE object IS NOT NULL GROUP BY object`,
    )
    return rows.map((row) => contentRow.parse(row))
  } finally {
    sqlite.close()
  }
}

function missingOf({ objects }: ProjectLayout, contents: readonly Content[]): Content[] {
  const store = ObjectStore.open(objects)
  try {
    return contents.filter(({ object }) => !isWhole(store, object))
  } finally {
    store.close()
  }
}

function isWhole(store: ObjectStore, object: string): boolean {
  return store.has(object) && store.children(object).every((child) => isWhole(store, child))
}

/** Returns what is still missing. */
async function putBack(layout: ProjectLayout, repository: PijulRepository, missing: Content[]): Promise<Content[]> {
  const store = ObjectStore.open(layout.objects, { write: true })
  try {
    const tracked = new Set(await repository.tracked())
    for (const { path, object } of missing) {
      if (fromWorking(store, join(layout.working, path), object)) continue
      const name = pijulPath(path)
      if (tracked.has(name)) store.put(await repository.read(name), endingOf(path))
    }
    await store.flush()
    return missing.filter(({ object }) => !isWhole(store, object))
  } finally {
    store.close()
  }
}

/** `path` has one char per byte. */
function fromWorking(store: ObjectStore, path: string, object: string): boolean {
  const fd = openFile(path)
  if (fd === null) return false
  try {
    const facts = fstatSync(fd)
    if (!facts.isFile()) return false
    const segments = Float64Array.from(facts.size === 0 ? [] : [fd, 0, facts.size])
    if (contentAddress(segments) !== object) return false
    return store.putContent({ segments, hint: endingOf(path) }).hash === object
  } finally {
    closeSync(fd)
  }
}

function openFile(path: string): number | null {
  try {
    return openSync(Buffer.from(path, 'latin1'), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return null
  }
}
