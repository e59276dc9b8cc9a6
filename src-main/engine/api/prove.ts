import type { KeyObject } from 'node:crypto'
import { pathToText } from '../../../src-preload/path-text.ts'
import type { HistoryClient } from '../history/history-client.ts'
import type { Version } from '../history/version-rows.ts'
import { contentSourceOrFail } from '../history/version-content.ts'
import { IzeError } from '../ize-error.ts'
import { projectLayout } from '../project/layout.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import type { Mmr } from '../store/mmr/mmr.ts'
import { ObjectStore } from '../store/object-store.ts'
import { makeProof, proofText } from '../store/seals/proof-document.ts'
import { decodeSeal } from '../store/seals/seal.ts'
import { withRange } from '../store/seals/seal-ref.ts'
import { type SignedRoot, signRoot } from '../store/seals/signed-root.ts'
import { Trees } from '../store/tree/tree.ts'

export interface ProofWanted {
  /** latin1 */
  readonly path: string
  /** Null: the newest. */
  readonly version: string | null
  /** An earlier root is meant, over so many seals. */
  readonly leaves: number | undefined
  /** Signs the root of today; null: no root is signed. */
  readonly key: KeyObject | null
}

/** The number of a version of a file, which other names than those of changes are. */
const NUMBER = /^\d{1,7}$/

/**
 * The text of a proof that a version of a file is in a seal: in the one that the version names, else in that of the
 * change which made it. Errors: those of `resolveVersion`, E_VERSION_ABSENT, E_NOT_A_FILE, those of the store.
 */
export async function prove(history: HistoryClient, project: ProjectRecord, wanted: ProofWanted): Promise<string> {
  const { path, version, leaves, key } = wanted
  const found = await history.ask(project.root, { method: 'resolve', path, version })
  const named = version === null || NUMBER.test(version) ? null : { method: 'resolve' as const, path: '', version }
  const point = named ? (await history.ask(project.root, named)).number : found.change.sequence
  const { mmr, objects } = projectLayout(project.root)
  return withRange(mmr, (range) => {
    if (!range) throw new IzeError('E_VERSION_UNKNOWN', 'This project has no history yet.')
    const store = ObjectStore.open(objects)
    try {
      const parts = partsOf(store, range, found, point)
      const signed = key && signedRootOf(project, range, key)
      const over = { ...(signed ? { signed } : {}), ...(leaves === undefined ? {} : { leaves }) }
      if (leaves !== undefined && (leaves > range.leaves || leaves < parts.n)) {
        throw new IzeError(
          'E_ARGUMENT',
          `A root over ${leaves} seals does not lead to this version: it is in seal ${parts.n}, and there are ${range.leaves}.`,
        )
      }
      return proofText(makeProof({ project: project.uuid, mmr: range, ...parts, ...over }))
    } finally {
      store.close()
    }
  })
}

export function signedRootOf(project: ProjectRecord, range: Mmr, key: KeyObject): SignedRoot {
  return signRoot(key, { project: project.uuid, leaves: range.leaves, root: range.root(), time: new Date() })
}

function partsOf(
  store: ObjectStore,
  range: Mmr,
  { path, number, state, change }: Version,
  point: number,
): {
  path: string
  file: { object: string; size: number }
  forgotten?: true
  seal: Buffer
  nodes: Buffer[]
  n: number
} {
  const source = contentSourceOrFail(path, number, state)
  if (source.kind !== 'object') {
    throw new IzeError('E_NOT_A_FILE', `"${pathToText(path)}" is a symbolic link, and has no content to prove.`)
  }
  const file = { object: source.object, size: source.size }
  const trees = new Trees(store.nodes('tree'))
  for (const n of new Set([point, change.sequence])) {
    if (n > range.leaves) continue
    const seal = store.nodes('seal').get(range.leaf(n - 1))
    const { tree } = decodeSeal(seal)
    if (trees.lookup(tree, path)?.state.object !== file.object) continue
    const forgotten = store.isForgotten(file.object) ? { forgotten: true as const } : {}
    return { path, file, ...forgotten, seal, nodes: trees.nodesOfPath(tree, path), n }
  }
  throw new IzeError(
    'E_VERSION_UNKNOWN',
    `Version ${number} of "${pathToText(path)}" is in no seal yet; "ize verify" says more.`,
  )
}
