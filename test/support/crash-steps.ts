import { constants } from 'node:fs'
import { makeData } from './twin-hand.ts'
import { Random, type Data, type TwinOperation } from './twin-operations.ts'

const { O_WRONLY, O_CREAT, O_EXCL, O_TRUNC } = constants
const SLOTS = 4
/** No slot of a file that stays open. */
const OWN_SLOT = 99
const FILES = 60
const DIRECTORIES = 12
const PUNCH = 3

/** One step of work: operations of which each changes the tree at once. */
export type CrashStep = readonly TwinOperation[]

/** What people and programs do to a project, endlessly: steps that follow from a seed. */
export function* workSteps(seed: number): Generator<CrashStep> {
  const work = new Work(new Random(seed))
  for (;;) yield work.step()
}

/** Opens, writes and closes. */
export function written(path: string, flags: number, data: Data): TwinOperation[] {
  return [
    { do: 'open', slot: OWN_SLOT, path, flags, mode: 0o644 },
    { do: 'pwrite', slot: OWN_SLOT, at: 0, data },
    { do: 'close', slot: OWN_SLOT },
  ]
}

export const SAVED_FILES = 3

export function savedFile(index: number): string {
  return `saved-${index % SAVED_FILES}.txt`
}

export function contentOfSave(index: number): Buffer {
  return makeData(saveData(index))
}

/** Save number `index`, over what the file held, which was as long. */
export function saveStep(index: number): CrashStep {
  return written(savedFile(index), O_WRONLY | O_CREAT, saveData(index))
}

function saveData(index: number): Data {
  return { seed: index, size: 500, text: true }
}

class Work {
  private files: string[] = []
  private directories: string[] = []
  private names = 0

  constructor(private readonly random: Random) {}

  step(): CrashStep {
    const { random } = this
    if (this.files.length < 5) return this.create()
    if (this.files.length > FILES) return this.remove()
    const path = random.of(this.files)
    switch (random.below(20)) {
      case 0:
      case 1:
      case 2:
        return this.create()
      case 3:
      case 4:
      case 5:
        return this.save(path)
      case 6:
      case 7:
        return written(path, O_WRONLY | O_TRUNC, this.data())
      case 8:
      case 9:
        return [{ do: 'open', slot: random.below(SLOTS), path, flags: O_WRONLY, mode: 0 }]
      case 10:
      case 11:
      case 12:
        return [{ do: 'pwrite', slot: random.below(SLOTS), at: random.below(60_000), data: this.data() }]
      case 13:
        return [{ do: 'ftruncate', slot: random.below(SLOTS), size: random.below(50_000) }]
      case 14:
        return [{ do: 'fallocate', slot: random.below(SLOTS), mode: PUNCH, at: random.below(9000), size: 5000 }]
      case 15:
        return this.rename(path)
      case 16:
        return this.directory()
      case 17:
        return this.remove()
      case 18:
        return this.mark(path)
      default:
        return [{ do: random.of(['close', 'close', 'fsync'] as const), slot: random.below(SLOTS) }]
    }
  }

  private create(): CrashStep {
    const { random } = this
    const path = this.fresh()
    if (random.chance(0.1)) return [{ do: 'symlink', path, target: random.of(['a', '../b', 'nowhere']) }]
    if (random.chance(0.05)) return [{ do: 'mknod', path, mode: constants.S_IFIFO | 0o600 }]
    if (random.chance(0.1) && this.files.length > 0) return [{ do: 'link', path: random.of(this.files), to: path }]
    this.files.push(path)
    return written(path, O_WRONLY | O_CREAT | O_EXCL, this.data())
  }

  /** As editors do: beside, then over; some keep the old one. */
  private save(path: string): CrashStep {
    const beside = `${path}.${++this.names}`
    const steps = written(beside, O_WRONLY | O_CREAT | O_EXCL, this.data())
    if (this.random.chance(0.3)) {
      const backup = `${path}~`
      steps.push({ do: 'unlink', path: backup }, { do: 'link', path, to: backup })
    }
    return [...steps, { do: 'rename', path: beside, to: path, flags: 0 }]
  }

  private rename(path: string): CrashStep {
    const to = this.fresh()
    this.files = this.files.filter((one) => one !== path)
    this.files.push(to)
    return [{ do: 'rename', path, to, flags: 1 }]
  }

  private directory(): CrashStep {
    const { random } = this
    if (this.directories.length < DIRECTORIES || random.chance(0.3)) {
      const path = this.fresh()
      this.directories.push(path)
      return [{ do: 'mkdir', path, mode: 0o755 }]
    }
    const path = random.of(this.directories)
    if (random.chance(0.4)) {
      // Refused unless it is empty.
      return [{ do: 'rmdir', path }]
    }
    const to = this.fresh('')
    const moved = (one: string): string =>
      one === path || one.startsWith(`${path}/`) ? to + one.slice(path.length) : one
    this.files = this.files.map(moved)
    this.directories = this.directories.map(moved)
    return [{ do: 'rename', path, to, flags: 0 }]
  }

  private remove(): CrashStep {
    const path = this.random.of(this.files)
    this.files = this.files.filter((one) => one !== path)
    return [{ do: 'unlink', path }]
  }

  private mark(path: string): CrashStep {
    const { random } = this
    switch (random.below(4)) {
      case 0:
        return [{ do: 'chmod', slot: -1, path, mode: random.of([0o644, 0o600, 0o755, 0o444, 0]) }]
      case 1:
        return [{ do: 'chown', slot: -1, path, uid: random.of([0, 1000]), gid: random.of([0, 1000]) }]
      case 2:
        return [{ do: 'setxattr', slot: -1, path, name: 'user.a', value: 'v'.repeat(random.below(50)), flags: 0 }]
      default:
        return [{ do: 'utimes', slot: -1, path, times: [1_600_000_000, 5, 1_700_000_000, 123_456_789] }]
    }
  }

  private data(): Data {
    const { random } = this
    const size = random.of([1, 100, 1000, 4096, 5000, 20_000, random.below(200_000)])
    return { seed: random.below(1e9), size, text: random.chance(0.7) }
  }

  /** A name that was never used. */
  private fresh(
    above = this.directories.length > 0 && this.random.chance(0.6) ? this.random.of(this.directories) : '',
  ): string {
    const name = this.random.of(['notes', 'two words', 'caf\xc3\xa9', '\xff']) + String(++this.names)
    return above === '' ? name : `${above}/${name}`
  }
}
