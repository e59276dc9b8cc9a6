import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IzeError } from '../ize-error.ts'
import { projectLayout } from '../project/layout.ts'
import { numberSeals } from '../store/seals/find-seals.ts'
import { withRange } from '../store/seals/seal-ref.ts'
import { isTagName } from '../store/seals/tag-name.ts'
import { parseTagRef } from '../store/seals/tag-refs.ts'
import { sealOfTag } from './resolve-seal.ts'

/** Names of tags by the number of the change that they are of. */
export type TaggedChanges = ReadonlyMap<number, readonly string[]>

/** Numbers of seals by project and address: a seal never gets another number. */
const known = new Map<string, number>()

/**
 * The tags of the project at `root`, in the order of their names. One that is damaged, or names no seal of the project,
 * is left out: that is told by `ize tag` and `ize verify`, and history is shown all the same. Errors: E_MMR_DAMAGED.
 */
export function taggedChanges(root: string): TaggedChanges {
  const { refs, objects, mmr } = projectLayout(root)
  const seals = new Map<string, string>()
  for (const name of namesIn(join(refs, 'tags'))) {
    const seal = sealNamed(join(refs, 'tags', name), name, objects)
    if (seal !== null) seals.set(name, seal)
  }
  const unknown = new Set([...seals.values()].filter((seal) => !known.has(`${root}\0${seal}`)))
  if (unknown.size > 0) {
    const numbers = withRange(mmr, (range) => (range ? numberSeals(range, unknown) : new Map<string, number>()))
    for (const [seal, number] of numbers) known.set(`${root}\0${seal}`, number)
  }
  const tagged = new Map<number, string[]>()
  for (const [name, seal] of seals) {
    const number = known.get(`${root}\0${seal}`)
    if (number !== undefined) tagged.set(number, [...(tagged.get(number) ?? []), name])
  }
  return tagged
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter(isTagName).sort()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/** Null: the tag is damaged, or gone by now. */
function sealNamed(file: string, name: string, objects: string): string | null {
  try {
    return sealOfTag(objects, parseTagRef(name, file, readFileSync(file, 'latin1')))
  } catch (error) {
    if (error instanceof IzeError || (error instanceof Error && 'code' in error && error.code === 'ENOENT')) return null
    throw error
  }
}
