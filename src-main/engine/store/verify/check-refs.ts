import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isConsistent, proveConsistency } from '../mmr/proofs.ts'
import type { Mmr } from '../mmr/mmr.ts'
import type { ObjectStore } from '../object-store.ts'
import { readHead } from '../seals/head-ref.ts'
import { decodeSeal } from '../seals/seal.ts'
import { type SignedRoot, verifyRoot } from '../seals/signed-root.ts'
import { decodeTag } from '../seals/tag.ts'
import { isTagName } from '../seals/tag-name.ts'
import { TagRefs } from '../seals/tag-refs.ts'
import { type Check, damageOf } from './check.ts'

/** A root that was kept elsewhere; one that was signed says for itself how many seals it is over. */
export type EarlierRoot =
  | { readonly kind: 'plain'; readonly leaves: number; readonly root: string }
  | { readonly kind: 'signed'; readonly signed: SignedRoot }

/** Whether the range has a seal at its place, under that root. */
export type Holds = (n: number, seal: string, root?: string) => boolean

/** `refs/heads/main`, beside a recorder that goes on: an older head, or a newer one, is sound then. */
export async function checkHead(
  check: Check,
  file: string,
  { leaves, live, holds }: { readonly leaves: number; readonly live: boolean; readonly holds: Holds },
): Promise<void> {
  const head = await readHead(file).catch((error: unknown) => void check.fault('head', damageOf(error).message))
  if (head === undefined) return
  if (head === null) {
    if (leaves > 0) check.fault('head', `${file} is missing; "ize doctor --fix" makes it anew from the seals.`)
    return
  }
  const { n, seal, root } = head
  const within = holds(n, seal, root)
  if (within && (live || n === leaves)) return
  const what = within ? `is not the newest of ${leaves}` : 'is not that of the range, or its root is not'
  check.fault('head', `The newest seal by ${file}, number ${n}, ${what}.`, { object: seal, change: n })
}

/** Every tag leads to a seal that the range has at its place. Returns how many tags there are. */
export async function checkTags(check: Check, refs: string, store: ObjectStore, holds: Holds): Promise<number> {
  const directory = join(refs, 'tags')
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const tags = names.filter(isTagName).sort()
  for (const name of tags) {
    const ref = await new TagRefs(directory).find(name).catch((error: unknown) => {
      check.fault('tag', damageOf(error).message)
    })
    if (!ref) continue
    check.guard('tag', `The tag "${name}" leads nowhere`, {}, () => {
      const tag = ref.kind === 'tag' ? decodeTag(store.nodes('tag').get(ref.address)) : null
      if (tag && tag.name !== name) check.fault('tag', `The tag "${name}" is by its object one named "${tag.name}".`)
      const object = tag?.seal ?? ref.address
      const { n } = decodeSeal(store.nodes('seal').get(object))
      if (holds(n, object)) return
      check.fault('tag', `The tag "${name}" names a seal that is not in the range.`, { object, change: n })
    })
  }
  return tags.length
}

/** The range continues what each of the roots was over: nothing of that was rewritten, moved or dropped since. */
export function checkRoots(check: Check, roots: readonly EarlierRoot[], range: Mmr, project: string): void {
  for (const one of roots) {
    const { leaves, root } = one.kind === 'plain' ? one : one.signed
    const name = `The root ${root} over ${leaves} seals`
    if (one.kind === 'signed') {
      const verdict = verifyRoot(one.signed)
      if (!verdict.ok) {
        check.fault('root', `${name} was not signed by the key that it names, or was changed since.`)
        continue
      }
      if (one.signed.project !== project) {
        check.fault('root', `${name} is that of another project, ${one.signed.project}.`)
        continue
      }
    }
    if (leaves > range.leaves) {
      check.fault(
        'root',
        `${name} is of a longer history: there are only ${range.leaves} here, the newest were dropped.`,
      )
    } else if (!isConsistent(proveConsistency(range, leaves), root, range.root())) {
      check.fault(
        'root',
        `${name} is not that of the first ${leaves} seals here: some were rewritten, moved or dropped.`,
      )
    }
  }
}
