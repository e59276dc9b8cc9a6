import { constants } from 'node:fs'
import { pathToText } from '../../../src-preload/path-text.ts'
import { decodeIdentity } from '../namespace/identity.ts'
import { Sidecar } from '../namespace/sidecar.ts'
import type { Ino } from '../oplog/operation.ts'
import { errnoName } from '../sys/errno.ts'
import * as native from '../sys/native.ts'
import type { Findings } from './finding.ts'
import { S_IFDIR, S_IFMT, S_IFREG, STAT } from './import-types.ts'
import type { ProjectLayout } from './layout.ts'

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants
const IDENTITY_ROOM = 64

/** Walks working/: every folder and file can be opened and has an identity of its own (hard links share one). */
export function checkWorking(findings: Findings, { working, identities }: ProjectLayout, nextIno: number | null): void {
  const walk = new Walk(new Sidecar(identities))
  const root = native.openAt(native.AT_FDCWD, Buffer.from(working).toString('latin1'), O_RDONLY | O_DIRECTORY, 0)
  if (root < 0) {
    return findings.error('working', `${working} cannot be opened (${errnoName(root)}).`, 'Give it back to its owner.')
  }
  walk.directory(root, '', 1)
  native.closeFd(root)
  tell(findings, 'working', walk.unreadable, 'cannot be opened', 'Give them back to their owner, with mode u+rw.')
  tell(
    findings,
    'identity',
    walk.nameless,
    'have no identity',
    'They get one at the next mount; programs may take them for changed once.',
    'warning',
  )
  tell(
    findings,
    'identity',
    walk.shared,
    'have the identity of another file',
    'They were copied within working/ by hand. Unmounted, remove the copies, or their attribute user.ize: setfattr -x user.ize <file>',
  )
  if (nextIno !== null && walk.highest >= nextIno) {
    findings.error(
      'identity',
      `Inode number ${walk.highest} is in use, but the next to give is ${nextIno}.`,
      'Please report it; do not mount the project until then.',
    )
  }
  if (walk.unreadable.length + walk.nameless.length + walk.shared.length === 0)
    findings.ok('working', `working/ is whole: ${walk.count} files and folders.`)
}

function tell(
  findings: Findings,
  check: string,
  paths: readonly string[],
  what: string,
  advice: string,
  level: 'error' | 'warning' = 'error',
): void {
  if (paths.length === 0) return
  const shown = paths
    .slice(0, 3)
    .map((path) => `"${pathToText(path)}"`)
    .join(', ')
  findings[level](check, `${paths.length} of working/ ${what}, among them ${shown}.`, advice)
}

class Walk {
  readonly unreadable: string[] = []
  readonly nameless: string[] = []
  readonly shared: string[] = []
  highest = 0
  count = 0
  /** The file of the disk each Ize number stands on. */
  private readonly places = new Map<number, number>()

  constructor(private readonly sidecar: Sidecar) {}

  directory(fd: number, path: string, ino: number): void {
    const listing = native.listDirectory(fd)
    if (typeof listing === 'number') return void this.unreadable.push(path)
    listing.names.forEach((name, i) => {
      const below = path === '' ? name : `${path}/${name}`
      const stats = listing.stats.subarray(i * native.STAT_WORDS, (i + 1) * native.STAT_WORDS)
      const kind = (stats[STAT.mode] ?? 0) & S_IFMT
      const carries = kind === S_IFREG || kind === S_IFDIR
      const own = decodeIdentity(listing.identities, i * IDENTITY_ROOM, listing.identityLengths[i] ?? 0)
      const identity = carries ? own : this.sidecar.get(ino as Ino, name)
      this.count++
      if (!identity) this.nameless.push(below)
      else this.meet(identity.ino, stats[STAT.ino] ?? 0, below)
      if (carries) this.open(fd, name, below, kind, identity?.ino ?? 0)
    })
  }

  private meet(ino: number, place: number, path: string): void {
    const known = this.places.get(ino)
    if (known !== undefined && known !== place) this.shared.push(path)
    this.places.set(ino, place)
    this.highest = Math.max(this.highest, ino)
  }

  private open(parent: number, name: string, path: string, kind: number, ino: number): void {
    const fd = native.openAt(parent, name, O_RDONLY | O_NOFOLLOW | (kind === S_IFDIR ? O_DIRECTORY : 0), 0)
    if (fd < 0) return void this.unreadable.push(path)
    if (kind === S_IFDIR) this.directory(fd, path, ino)
    native.closeFd(fd)
  }
}
