import { createHash } from 'node:crypto'
import { IzeError } from '../ize-error.ts'
import { PIJUL_CHANNEL, pijulPath } from '../recorder/pijul-names.ts'
import { pointerText } from '../recorder/pijul-pointer.ts'
import type { ObjectStore } from '../store/object-store.ts'
import type { PresentState } from '../store/tree/directory-entry.ts'
import type { Trees } from '../store/tree/tree.ts'
import { type PijulChange, type PijulEdit, PijulRepository } from '../sys/native.ts'

type Making = Extract<PijulEdit, { readonly kind: 'write' } | { readonly kind: 'mkdir' }>

/** What one change holds at most before the next is begun. */
const LOT_BYTES = 64 * 1024 * 1024
const LOT_EDITS = 20_000

/** A sealed tree, and what reads it and the contents that it names. */
export interface SealedTree {
  readonly trees: Trees
  /** Its address. */
  readonly tree: string
  readonly store: ObjectStore
}

/**
 * Makes a repository at `root`, which has none yet, that holds what Pijul is to hold of a sealed tree, in one change or
 * in a few; all have the header and metadata of `like`. It is read again and compared. Returns how many changes there
 * are. Errors: EPIJUL, ENOSPC, E_FOLD, those of the store.
 */
export async function foldSealed(root: string, sealed: SealedTree, like: PijulChange): Promise<number> {
  const repository = await PijulRepository.open(root, PIJUL_CHANNEL)
  try {
    const wanted = new Map<string, string | null>()
    let edits: Making[] = []
    let [bytes, parts] = [0, 0]
    const record = async (): Promise<void> => {
      await repository.record([{ ...like, edits }])
      parts++
      edits = []
      bytes = 0
    }
    for (const edit of editsOf(sealed)) {
      edits.push(edit)
      const content = edit.kind === 'write' ? edit.content : null
      wanted.set(edit.path, content && digestOf(content))
      bytes += content?.length ?? 0
      if (bytes >= LOT_BYTES || edits.length >= LOT_EDITS) await record()
    }
    if (parts === 0 || edits.length > 0) await record()
    await compare(repository, wanted)
    return parts
  } finally {
    await repository.close()
  }
}

/** Directories before what is in them. */
function* editsOf({ trees, tree, store }: SealedTree): Generator<Making> {
  for (const { path: name, state } of trees.walk(tree, '')) {
    const path = pijulPath(name)
    if (state.type === 'directory') {
      yield { kind: 'mkdir', path }
      continue
    }
    const executable = state.type === 'file' && ((state.mode ?? 0) & 0o100) !== 0
    yield { kind: 'write', path, content: contentOf(state, store), executable }
  }
}

/** What Pijul holds of it: the text, or a pointer. */
function contentOf(state: PresentState, store: ObjectStore): Buffer {
  const { type, size = 0, object = '', text, target = '', special } = state
  if (type === 'symlink') return pointerText({ kind: 'symlink', target })
  if (type === 'special') return pointerText({ kind: 'special', mode: special?.[0] ?? 0, rdev: special?.[1] ?? 0 })
  return text === true ? store.read(object, size) : pointerText({ kind: 'file', size, object })
}

async function compare(repository: PijulRepository, wanted: ReadonlyMap<string, string | null>): Promise<void> {
  const found = new Set((await repository.tracked()).map((path) => path.replace(/\/$/, '')))
  const [stray] = [...found].filter((path) => !wanted.has(path))
  if (stray !== undefined) throw differs(stray)
  for (const [path, digest] of wanted) {
    if (!found.has(path)) throw differs(path)
    if (digest !== null && digestOf(await repository.read(path)) !== digest) throw differs(path)
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function differs(path: string): IzeError {
  return new IzeError('E_FOLD', `The new repository is not as history has it at "${path}"; it was not taken.`, { path })
}
