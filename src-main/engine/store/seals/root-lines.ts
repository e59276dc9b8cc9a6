import { IzeError } from '../../ize-error.ts'
import { readSignedRoot, type SignedRoot, verifyRoot } from './signed-root.ts'

/** One who signed roots, by their key: the user's own, the one that was given as trusted, or nobody knows whose. */
export interface Signer {
  readonly key: string
  readonly whose: 'own' | 'given' | 'unknown'
  readonly roots: number
}

/** What lines of kept roots are to a project. */
export interface RootLines {
  /** Those over its history; when all are of other projects, one of these, which no check will pass. */
  readonly lines: readonly string[]
  /** Of those of its roots whose signature is good. */
  readonly signers: readonly Signer[]
  /** Roots of other projects, which are passed over. */
  readonly others: number
  /** Numbers, from 1, of lines that are no signed roots: torn, or something else. */
  readonly unreadable: readonly number[]
}

/** Sorts the lines of `where` for a project (its uuid). Errors: E_ARGUMENT when none of them is a signed root. */
export function sortRoots(
  text: string,
  where: string,
  { project, own, given }: { readonly project: string; readonly own: string | null; readonly given: string | null },
): RootLines {
  const found: { readonly line: string; readonly root: SignedRoot }[] = []
  const unreadable: number[] = []
  for (const [at, line] of text.split('\n').entries()) {
    if (line === '') continue
    const root = readSignedRoot(line)
    if (root) found.push({ line, root })
    else unreadable.push(at + 1)
  }
  const [first] = found
  if (!first) throw new IzeError('E_ARGUMENT', `${where} holds no signed root.`)
  const mine = found.filter(({ root }) => root.project === project)
  const signed = new Map<string, number>()
  for (const { root } of mine) if (verifyRoot(root).ok) signed.set(root.key, (signed.get(root.key) ?? 0) + 1)
  const whose = (key: string): Signer['whose'] => (key === given ? 'given' : key === own ? 'own' : 'unknown')
  return {
    lines: (mine.length > 0 ? mine : [first]).map(({ line }) => line),
    signers: [...signed].map(([key, roots]) => ({ key, whose: whose(key), roots })),
    others: found.length - mine.length,
    unreadable,
  }
}

/** Why the roots are not all signed by the given key; null: they are. */
export function notByGivenKey({ signers }: Pick<RootLines, 'signers'>, given: string): IzeError | null {
  const others = signers.filter(({ whose }) => whose !== 'given')
  const [one] = others
  if (!one) return null
  const all = signers.reduce((sum, { roots }) => sum + roots, 0)
  const roots = others.reduce((sum, other) => sum + other.roots, 0)
  const keys = others.length === 1 ? one.key : `${others.length} other keys`
  const sentence = `${roots} of ${all} roots of this project were signed by ${keys}, not by the given key ${given}.`
  return new IzeError('E_ROOT_KEY', sentence, { keys: others.map(({ key }) => key) })
}
