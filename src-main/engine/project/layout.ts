import { join } from 'node:path'

/** Where everything of a project lies, below `projects/{uuid}/` (docs/state-directory.md says what each promises). */
export interface ProjectLayout {
  readonly root: string
  readonly working: string
  readonly dirty: string
  readonly tmp: string
  readonly objects: string
  readonly meta: string
  readonly projectToml: string
  readonly identities: string
  readonly index: string
  /** The Merkle Mountain Range over the seals. */
  readonly mmr: string
  readonly refs: string
  /** `refs/heads/main` */
  readonly head: string
  readonly search: string
  readonly pijul: string
  /** The changes that were folded out of Pijul. */
  readonly archive: string
  /** What a folding is making. */
  readonly fold: string
}

export function projectLayout(root: string): ProjectLayout {
  const meta = join(root, 'meta')
  const refs = join(root, 'refs')
  return {
    root,
    working: join(root, 'working'),
    dirty: join(root, 'dirty'),
    tmp: join(root, 'tmp'),
    objects: join(root, 'objects'),
    meta,
    projectToml: join(meta, 'project.toml'),
    identities: join(meta, 'identities'),
    index: join(root, 'index.db'),
    mmr: join(root, 'mmr'),
    refs,
    head: join(refs, 'heads', 'main'),
    search: join(root, 'search.db'),
    pijul: join(root, '.pijul'),
    archive: join(root, 'archive'),
    fold: join(root, 'fold'),
  }
}
