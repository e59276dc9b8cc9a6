import { answerRequests } from './answer-requests.ts'
import * as native from '../../src-main/engine/sys/native.ts'
import { Hand } from './twin-hand.ts'
import { saveStep, workSteps, type CrashStep } from './crash-steps.ts'
import type { TwinOperation } from './twin-operations.ts'
import { openRoot, readTree, type TreeFile } from './twin-tree.ts'

/**
 * Does the same on a mount and in a plain directory, in lock step, until the engine is killed under it. An operation is
 * done in the plain directory when it has returned on the mount; each changes the tree at once, so of the one that the
 * engine's death interrupted either all is there afterwards or nothing (of a write: `parts`).
 */
export type PlayerRequest =
  | { readonly enter: { readonly mount: string; readonly plain: string } }
  /** Work that follows from a seed, from step `from` on, at most `most` steps. */
  | { readonly run: { readonly seed: number; readonly from: number; readonly most: number } }
  /** Saves of a few files, from number `from` on. */
  | { readonly save: { readonly from: number; readonly most: number } }
  /** Compares, the interrupted operation done or not; then closes all files. */
  | { readonly settle: true }
  | { readonly tree: true }

export interface PlayerAnswer {
  /** Number of the first operation that has not returned. */
  readonly next?: number
  readonly interrupted?: boolean
  readonly difference?: string
  /** The interrupted operation had been done. */
  readonly done?: boolean
  readonly tree?: readonly TreeFile[]
}

const ENOENT = 2
const PAGE = 4096

class Player {
  private places: { readonly mount: string; readonly plain: string } | null = null
  private mount: Hand | null = null
  private plain: Hand | null = null
  /** The steps of `seed`, as far as they were played. */
  private work: Generator<CrashStep> | null = null
  private seed = -1
  private interrupted: TwinOperation | null = null
  private probes = 0

  answer(request: PlayerRequest): PlayerAnswer {
    if ('enter' in request) {
      this.places = request.enter
      this.mount?.close()
      this.mount = null
      const root = openRoot(request.enter.mount)
      // The engine died right after it had mounted.
      if (root < 0) return { interrupted: true }
      this.mount = new Hand(root)
      this.plain ??= new Hand(openRoot(request.enter.plain))
      return {}
    }
    if (!this.mount || !this.plain) throw new Error('No trees.')
    if ('settle' in request) return this.settle(this.mount, this.plain)
    if ('tree' in request) return { tree: readTree(this.mount.root) }
    if ('save' in request) {
      const { from, most } = request.save
      return this.play(from, most, saveStep)
    }
    const { seed, from, most } = request.run
    if (seed !== this.seed) {
      this.seed = seed
      this.work = workSteps(seed)
      for (let at = 0; at < from; at++) this.work.next()
    }
    return this.play(from, most, () => this.work?.next().value ?? [])
  }

  private play(from: number, most: number, make: (index: number) => CrashStep): PlayerAnswer {
    const { mount, plain } = this
    if (!mount || !plain) throw new Error('No trees.')
    for (let next = from; next < from + most; next++) {
      for (const operation of make(next)) {
        const one = mount.do(operation)
        if (mayBeDead(operation, one) && !this.isAlive(mount)) {
          this.interrupted = operation
          return { next: next + 1, interrupted: true }
        }
        const other = plain.do(operation)
        if (one === other) continue
        return {
          next,
          difference: `${JSON.stringify(operation)}: ${one} on the mount, ${other} in the plain directory`,
        }
      }
    }
    return { next: from + most, interrupted: false }
  }

  private isAlive(mount: Hand): boolean {
    return native.openAt(mount.root, `no such file ${process.pid} ${++this.probes}`, 0, 0) === -ENOENT
  }

  private settle(mount: Hand, plain: Hand): PlayerAnswer {
    const tree = readTree(mount.root)
    let difference = compare(tree, readTree(plain.root))
    let done = false
    for (const part of difference !== null && this.interrupted ? parts(this.interrupted) : []) {
      plain.do(part)
      const still = compare(tree, readTree(plain.root))
      done = still === null
      if (done) difference = null
      else difference = `${difference ?? ''}; with the interrupted ${JSON.stringify(part)} done: ${still ?? ''}`
      if (done) break
    }
    this.interrupted = null
    if (this.places) {
      mount.close()
      plain.close()
      this.mount = new Hand(openRoot(this.places.mount))
      this.plain = new Hand(openRoot(this.places.plain))
    }
    return difference === null ? { done } : { done, difference }
  }
}

/** What an operation gives when the engine dies under it: an error, or a write that came as far as its first page. */
function mayBeDead(operation: TwinOperation, result: string): boolean {
  return result.startsWith('errno') || (operation.do === 'pwrite' && result !== String(operation.data.size))
}

/** How far an operation may have come: the kernel sends a write as far as the end of its first page, then the rest. */
function parts(operation: TwinOperation): TwinOperation[] {
  if (operation.do !== 'pwrite') return [operation]
  const first = PAGE - (operation.at % PAGE)
  if (operation.at % PAGE === 0 || first >= operation.data.size) return [operation]
  return [{ ...operation, data: { ...operation.data, size: first } }, operation]
}

function compare(mount: readonly TreeFile[], plain: readonly TreeFile[]): string | null {
  const others = new Map(plain.map((file) => [file.path, file]))
  for (const file of mount) {
    const other = others.get(file.path)
    if (!other) return `${JSON.stringify(file.path)} is on the mount only`
    others.delete(file.path)
    if (file.path === '') continue
    for (const key of ['mode', 'uid', 'gid', 'nlink', 'rdev', 'size', 'target', 'content', 'xattrs'] as const) {
      const [ours, theirs] = [JSON.stringify(file[key]), JSON.stringify(other[key])]
      if (ours !== theirs)
        return `${JSON.stringify(file.path)}: ${key} ${ours} on the mount, ${theirs} in the plain directory`
    }
  }
  for (const path of others.keys()) return `${JSON.stringify(path)} is in the plain directory only`
  return null
}

const player = new Player()
process.umask(0o022)
answerRequests((request: PlayerRequest) => player.answer(request))
process.on('disconnect', () => process.exit())
