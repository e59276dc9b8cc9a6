import { constants } from 'node:fs'
import * as native from '../sys/native.ts'
import { openBelow } from '../sys/open-path.ts'
import { checked, failure } from './import-errors.ts'
import { openDirectory, planFor } from './import-plan.ts'
import { SourceScanner } from './import-scan.ts'
import { kindOf, S_IFREG, statOf, type ImportPlan, type SourceEntry } from './import-types.ts'
import { HEAD_BYTES, maySecret, secretReason } from './secrets.ts'

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
const LARGE_BYTES = 50 * 1024 * 1024
const MAX_LARGE = 100
const MAX_SECRETS = 200
const EACCES = 13

export interface PreviewRequest {
  /** Resolved. */
  readonly source: string
  /** Where projects are kept: the disk that has to have room. */
  readonly projects: string
  /** `ignore` of the settings in force. */
  readonly patterns: readonly string[]
}

export interface PreviewCounts {
  readonly files: number
  readonly bytes: number
}

export interface Preview {
  readonly plan: ImportPlan
  /** The largest first; paths are latin1. */
  readonly large: readonly { readonly path: string; readonly bytes: number }[]
  readonly secrets: readonly { readonly path: string; readonly why: string }[]
}

/**
 * What an import of a folder would take in. Writes nothing, and of contents reads only the first bytes of what may be a
 * secret. Errors: E_IMPORT_READ, E_IMPORT, E_CANCELLED.
 */
export function previewSource(
  { source, projects, patterns }: PreviewRequest,
  progress: (counts: PreviewCounts) => void,
  cancelled: () => boolean,
): Preview {
  native.raiseFileLimit(65_536)
  const sourceFd = openDirectory(source)
  const projectsFd = openDirectory(projects)
  try {
    const scanner = new SourceScanner(patterns, cancelled, (files, bytes) => progress({ files, bytes }))
    const tree = scanner.scan(sourceFd)
    const look = new Look(sourceFd)
    look.below(tree.root, '')
    look.large.sort((a, b) => b.bytes - a.bytes)
    return { plan: planFor(tree, projectsFd), large: look.large.slice(0, MAX_LARGE), secrets: look.secrets }
  } finally {
    native.closeFd(sourceFd)
    native.closeFd(projectsFd)
  }
}

/** Picks out what a person should know of before a folder goes in. */
class Look {
  readonly large: { path: string; bytes: number }[] = []
  readonly secrets: { path: string; why: string }[] = []
  private readonly user = process.geteuid?.() ?? 0
  private readonly groups = new Set([process.getegid?.() ?? 0, ...(process.getgroups?.() ?? [])])

  constructor(private readonly sourceFd: number) {}

  below(directory: SourceEntry, path: string): void {
    for (const child of directory.children ?? []) {
      const childPath = path === '' ? child.name : `${path}/${child.name}`
      if (child.children) this.below(child, childPath)
      else if (kindOf(child.stats) === S_IFREG) this.file(child, childPath)
    }
  }

  private file({ name, stats, versioned }: SourceEntry, path: string): void {
    const bytes = statOf(stats, 'size')
    if (!this.seemsReadable(stats)) native.closeFd(checked(this.open(path), 'read', path))
    if (bytes >= LARGE_BYTES) this.large.push({ path, bytes })
    // What has no history is a copy like the original, and often not the user's own: packages come with such files.
    if (!versioned || bytes === 0 || this.secrets.length >= MAX_SECRETS || !maySecret(name)) return
    const why = secretReason(name, this.head(path))
    if (why !== null) this.secrets.push({ path, why })
  }

  /** By its mode alone; where that says no, the import's own way to open it decides. */
  private seemsReadable(stats: Float64Array): boolean {
    if (this.user === 0) return true
    const mode = statOf(stats, 'mode')
    if (statOf(stats, 'uid') === this.user) return (mode & 0o400) !== 0
    return (mode & (this.groups.has(statOf(stats, 'gid')) ? 0o040 : 0o004)) !== 0
  }

  private head(path: string): string {
    const fd = this.open(path)
    if (fd === -EACCES) throw failure(fd, 'read', path)
    // It vanished since the scan.
    if (fd < 0) return ''
    const bytes = Buffer.alloc(HEAD_BYTES)
    const length = native.readAt(fd, bytes, 0, HEAD_BYTES, 0)
    native.closeFd(fd)
    return bytes.toString('latin1', 0, Math.max(0, length))
  }

  private open(path: string): number {
    return openBelow(this.sourceFd, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  }
}
