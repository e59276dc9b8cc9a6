import { constants } from 'node:fs'

/** What is done to both trees. Paths are latin1, relative to the tree; `slot` numbers an open file of the player. */
export type TwinOperation =
  | { readonly do: 'open'; readonly slot: number; readonly path: string; readonly flags: number; readonly mode: number }
  | { readonly do: 'close' | 'fsync' | 'fstat'; readonly slot: number }
  | { readonly do: 'pwrite'; readonly slot: number; readonly at: number; readonly data: Data }
  | { readonly do: 'pread'; readonly slot: number; readonly at: number; readonly size: number }
  | { readonly do: 'ftruncate'; readonly slot: number; readonly size: number }
  | {
      readonly do: 'fallocate'
      readonly slot: number
      readonly mode: number
      readonly at: number
      readonly size: number
    }
  | { readonly do: 'seek'; readonly slot: number; readonly at: number; readonly whence: number }
  | { readonly do: 'linkOpen'; readonly slot: number; readonly path: string }
  /** Opened, filled and closed. */
  | { readonly do: 'write'; readonly path: string; readonly flags: number; readonly data: Data }
  /** Written beside and renamed over; with `backup` the old one is renamed (or linked) away first. */
  | { readonly do: 'save'; readonly path: string; readonly data: Data; readonly backup: '' | 'rename' | 'link' }
  | { readonly do: 'truncate'; readonly path: string; readonly size: number }
  | { readonly do: 'mkdir'; readonly path: string; readonly mode: number }
  | { readonly do: 'rmdir' | 'unlink' | 'readlink' | 'list' | 'stat' | 'listxattr'; readonly path: string }
  | { readonly do: 'rename'; readonly path: string; readonly to: string; readonly flags: number }
  | { readonly do: 'link'; readonly path: string; readonly to: string }
  | { readonly do: 'symlink'; readonly path: string; readonly target: string }
  | { readonly do: 'mknod'; readonly path: string; readonly mode: number }
  /** `slot` -1: by path. */
  | { readonly do: 'chmod'; readonly slot: number; readonly path: string; readonly mode: number }
  | {
      readonly do: 'chown'
      readonly slot: number
      readonly path: string
      readonly uid: number
      readonly gid: number
    }
  | {
      readonly do: 'utimes'
      readonly slot: number
      readonly path: string
      readonly times: readonly [number, number, number, number]
    }
  | {
      readonly do: 'setxattr'
      readonly slot: number
      readonly path: string
      readonly name: string
      readonly value: string
      readonly flags: number
    }
  | { readonly do: 'getxattr' | 'removexattr'; readonly path: string; readonly name: string }

/** Bytes made from a seed: lines of text, or anything. */
export interface Data {
  readonly seed: number
  readonly size: number
  readonly text: boolean
}

/** Something that happens between two operations. */
export type TwinEvent =
  /** Everything is recorded, and waited for; then all places are compared. */
  | { readonly event: 'flush' }
  /** Recording begins, and operations go on. */
  | { readonly event: 'record' }
  /** The kernel forgets what it knows of the tree. */
  | { readonly event: 'forget' }
  | { readonly event: 'remount' | 'reopen' | 'kill' }

export type TwinStep = TwinOperation | TwinEvent

export interface TwinMix {
  readonly steps: number
  /** Whether owners can be changed and special attributes set. */
  readonly root: boolean
  /** Whether the engine may be killed, and the mount go. */
  readonly kills: boolean
}

const NAMES = [
  ...['a', 'b', 'c', 'd', 'a', 'b', 'c', 'd', 'e', 'f.txt', 'g.txt', 'two words', '%41', '.hidden', '"q"'],
  ...['caf\xc3\xa9', 'cafe\xcc\x81', '\xff\xfe', 'new\nline', 'x.swp', 'node_modules', '.pijul-not'],
  ...['n'.repeat(255), `${'\xc3\xa9'.repeat(127)}`],
]
const MODES = [0o644, 0o600, 0o755, 0o444, 0, 0o4755, 0o2755, 0o6777, 0o2644, 0o1777, 0o700, 0o111]
const DIRECTORY_MODES = [0o755, 0o755, 0o755, 0o700, 0o2775, 0o1777, 0o555]
const XATTRS = ['user.a', 'user.b', 'user.\xfe', 'user.mime_type']
const SLOTS = 6

/** Numbers that follow from a seed (mulberry32). */
export class Random {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  below(n: number): number {
    return Math.floor(this.next() * n)
  }

  chance(share: number): boolean {
    return this.next() < share
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }
}

/** The steps that follow from a seed. The generator guesses which paths are there, so that most operations hit. */
export function generateSteps(seed: number, mix: TwinMix): TwinStep[] {
  return new Generator(new Random(seed), mix).run()
}

type Kind = 'directory' | 'file' | 'other'

class Generator {
  private readonly paths = new Map<string, Kind>()

  constructor(
    private readonly random: Random,
    private readonly mix: TwinMix,
  ) {}

  run(): TwinStep[] {
    const steps: TwinStep[] = []
    while (steps.length < this.mix.steps) {
      if (this.random.chance(0.006)) steps.push(this.event())
      else steps.push(this.operation())
    }
    return steps
  }

  private event(): TwinEvent {
    const choice = this.random.next()
    if (choice < 0.5) return { event: 'record' }
    if (choice < 0.7) return { event: 'flush' }
    if (choice < 0.85) return { event: 'forget' }
    if (!this.mix.kills) return { event: 'record' }
    return { event: this.random.of(['remount', 'reopen', 'kill', 'kill'] as const) }
  }

  private operation(): TwinOperation {
    const { random } = this
    const choice = random.below(100)
    if (choice < 8) return this.open()
    if (choice < 24) return this.onOpenFile(random.below(SLOTS))
    if (choice < 34) return this.write()
    if (choice < 40) return this.save()
    if (choice < 47) {
      const path = this.somewhere()
      this.took(path, 'directory')
      return { do: 'mkdir', path, mode: random.of(DIRECTORY_MODES) }
    }
    if (choice < 50) return { do: 'rmdir', path: this.dropped(this.existing('directory')) }
    if (choice < 58) return { do: 'unlink', path: this.dropped(this.existing('file')) }
    if (choice < 71) return this.rename()
    if (choice < 75) {
      const to = this.somewhere()
      const path = this.existing('file')
      this.took(to, 'file')
      return { do: 'link', path, to }
    }
    if (choice < 77) {
      const path = this.somewhere()
      this.took(path, 'other')
      return { do: 'symlink', path, target: random.of(['a', '../b', 'c/d', 'nowhere', '.', 't'.repeat(200), '\xff']) }
    }
    if (choice < 79) {
      const path = this.somewhere()
      const mode = random.of([constants.S_IFIFO, constants.S_IFREG, 0o140000])
      this.took(path, mode === constants.S_IFREG ? 'file' : 'other')
      return { do: 'mknod', path, mode: mode | random.of([0o644, 0o600, 0]) }
    }
    if (choice < 88) return this.attributes()
    if (choice < 93) return this.xattr()
    if (choice < 95) return { do: 'truncate', path: this.existing('file'), size: this.offset() }
    return { do: random.of(['list', 'stat', 'readlink', 'listxattr'] as const), path: this.existing() }
  }

  private open(): TwinOperation {
    const { random } = this
    const { O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_NOFOLLOW, O_DIRECTORY, O_RDWR, O_WRONLY } = constants
    let flags = random.of([0, O_WRONLY, O_RDWR, O_RDWR, O_RDWR])
    if (random.chance(0.5)) flags |= O_CREAT
    if (random.chance(0.15)) flags |= O_EXCL
    if (random.chance(0.2)) flags |= O_TRUNC
    if (random.chance(0.2)) flags |= O_APPEND
    if (random.chance(0.2)) flags |= O_NOFOLLOW
    if (random.chance(0.03)) flags |= O_DIRECTORY
    const path = (flags & O_CREAT) !== 0 && random.chance(0.5) ? this.somewhere() : this.existing('file')
    if ((flags & O_CREAT) !== 0) this.took(path, 'file')
    return { do: 'open', slot: random.below(SLOTS), path, flags, mode: random.of(MODES) }
  }

  private onOpenFile(slot: number): TwinOperation {
    const { random } = this
    switch (random.below(16)) {
      case 0:
      case 1:
        return { do: 'close', slot }
      case 2:
        return { do: random.of(['fsync', 'fstat'] as const), slot }
      case 3:
      case 4:
        return { do: 'pread', slot, at: this.offset(), size: random.below(100_000) }
      case 5:
        return { do: 'ftruncate', slot, size: this.offset() }
      case 6:
      case 7:
        return {
          do: 'fallocate',
          slot,
          mode: random.of([0, 1, 3, 3, 16, 17]),
          at: this.offset(),
          size: random.below(50_000),
        }
      case 8:
        return { do: 'seek', slot, at: this.offset(), whence: random.of([3, 4]) }
      case 9:
        return random.chance(0.5) ? { do: 'linkOpen', slot, path: this.somewhere() } : { do: 'fstat', slot }
      default:
        return { do: 'pwrite', slot, at: this.offset(), data: this.data() }
    }
  }

  private write(): TwinOperation {
    const { O_CREAT, O_WRONLY, O_TRUNC, O_APPEND } = constants
    const path = this.random.chance(0.4) ? this.somewhere() : this.existing('file')
    this.took(path, 'file')
    const flags = O_CREAT | O_WRONLY | this.random.of([O_TRUNC, O_TRUNC, O_APPEND, 0])
    return { do: 'write', path, flags, data: this.data() }
  }

  private save(): TwinOperation {
    const path = this.existing('file')
    const backup = this.random.of(['', '', 'rename', 'link'] as const)
    this.took(path, 'file')
    if (backup !== '') this.took(`${path}~`, 'file')
    return { do: 'save', path, data: this.data(), backup }
  }

  private rename(): TwinOperation {
    const { random } = this
    const path = this.existing(random.chance(0.4) ? 'directory' : undefined)
    const to = random.chance(0.6) ? this.somewhere() : this.existing()
    const flags = random.of([0, 0, 0, 1, 2, 2, 3])
    this.moved(path, to, flags)
    return { do: 'rename', path, to, flags }
  }

  private attributes(): TwinOperation {
    const { random } = this
    const slot = random.chance(0.2) ? random.below(SLOTS) : -1
    const path = this.existing()
    const choice = random.below(3)
    if (choice === 0) {
      const directory = this.paths.get(path) === 'directory'
      return { do: 'chmod', slot, path, mode: random.of(directory && random.chance(0.9) ? DIRECTORY_MODES : MODES) }
    }
    if (choice === 1) {
      const ids = this.mix.root ? [-1, 0, 65534, 1000] : [-1, 65534, 65534, 0]
      return { do: 'chown', slot, path, uid: random.of(ids), gid: random.of(ids) }
    }
    const time = (): [number, number] =>
      random.chance(0.2)
        ? [0, random.of([-1, -2])]
        : [random.of([0, 1, 1_600_000_000, 2_000_000_000, -100, 4_500_000_000]), random.below(1_000_000_000)]
    return { do: 'utimes', slot, path, times: [...time(), ...time()] }
  }

  private xattr(): TwinOperation {
    const { random } = this
    const path = this.existing()
    const name = random.of(this.mix.root ? [...XATTRS, 'trusted.t', 'security.note'] : XATTRS)
    if (random.chance(0.3)) return { do: random.of(['getxattr', 'removexattr'] as const), path, name }
    const value = 'v\0\xff'.repeat(random.below(40))
    return { do: 'setxattr', slot: random.chance(0.2) ? 0 : -1, path, name, value, flags: random.of([0, 0, 1, 2]) }
  }

  private data(): Data {
    const { random } = this
    const size = random.of([0, 1, 10, 100, 1000, 4096, 5000, 20_000, 100_000, random.below(300_000)])
    return { seed: random.below(1e9), size, text: random.chance(0.6) }
  }

  private offset(): number {
    const { random } = this
    return random.of([0, 0, 1, 100, 4096, 8192, random.below(10_000), random.below(200_000), random.below(1_000_000)])
  }

  /** A path that may or may not be free. */
  private somewhere(): string {
    const above = this.random.chance(0.35) ? '' : this.existing('directory')
    const name = this.random.of(NAMES)
    return above === '' ? name : `${above}/${name}`
  }

  private existing(kind?: Kind): string {
    const fitting = [...this.paths].filter(([, its]) => kind === undefined || its === kind || this.random.chance(0.03))
    if (fitting.length === 0) return this.random.of(NAMES)
    return this.random.of(fitting)[0]
  }

  private took(path: string, kind: Kind): void {
    if (path.split('/').length <= 6 && !this.paths.has(path)) this.paths.set(path, kind)
  }

  private dropped(path: string): string {
    this.paths.delete(path)
    return path
  }

  private moved(path: string, to: string, flags: number): void {
    const kind = this.paths.get(path)
    if (kind === undefined || `${to}/`.startsWith(`${path}/`) || `${path}/`.startsWith(`${to}/`)) return
    const below = (top: string): [string, Kind][] =>
      [...this.paths].filter(([one]) => one === top || one.startsWith(`${top}/`))
    const [going, there] = [below(path), below(to)]
    if ((flags & 1) !== 0 && there.length > 0) return
    for (const [one] of [...going, ...there]) this.paths.delete(one)
    for (const [one, its] of going) this.took(to + one.slice(path.length), its)
    if ((flags & 2) !== 0) for (const [one, its] of there) this.took(path + one.slice(to.length), its)
  }
}
