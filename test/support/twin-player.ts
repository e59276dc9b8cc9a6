import { answerRequests } from './answer-requests.ts'
import { readTree, statFile, openRoot, type Time, type TreeFile } from './twin-tree.ts'
import { Hand } from './twin-hand.ts'
import type { TwinOperation } from './twin-operations.ts'

/**
 * Does the same on the mount and in a plain directory, in lock step, and says where they differ. A process of its own:
 * the one that runs the engine must not wait for its own mount.
 */
export type PlayerRequest =
  | { readonly play: readonly TwinOperation[] }
  | { readonly compare: true }
  | { readonly tree: true }
  /** The mount goes or went: all files are closed. */
  | { readonly leave: true }
  | { readonly enter: { readonly mount: string; readonly plain: string } }

export interface PlayerAnswer {
  readonly tree?: readonly TreeFile[]
  readonly done?: number
  readonly difference?: string
}

/** ext4 takes its times from a clock that ticks every few milliseconds, later on a busy machine. */
const TICK_MS = 40
const AHEAD_MS = 4

class Player {
  private hands: readonly [mount: Hand, plain: Hand] | null = null
  /** When each operation began and ended, on both. */
  private readonly spans: [number, number][] = []

  answer(request: PlayerRequest): PlayerAnswer {
    if ('enter' in request) {
      this.hands = [new Hand(openRoot(request.enter.mount)), new Hand(openRoot(request.enter.plain))]
      return {}
    }
    const { hands } = this
    if (!hands) throw new Error('No trees.')
    if ('leave' in request) {
      for (const hand of hands) hand.close()
      this.hands = null
      return {}
    }
    if ('play' in request) return this.play(hands, request.play)
    if ('tree' in request) return { tree: readTree(hands[0].root) }
    return this.compare(readTree(hands[0].root), readTree(hands[1].root))
  }

  private play([mount, plain]: readonly [Hand, Hand], operations: readonly TwinOperation[]): PlayerAnswer {
    for (const [done, operation] of operations.entries()) {
      const begun = now()
      const one = mount.do(operation)
      const other = plain.do(operation)
      this.spans.push([begun, now()])
      if (one !== other) return { done, difference: `gave ${one} on the mount, ${other} in the plain directory` }
      for (const path of pathsOf(operation)) {
        const [ours, theirs] = [describe(mount.root, path), describe(plain.root, path)]
        if (ours !== theirs)
          return {
            done,
            difference: `left ${show(path)} as\n  ${ours} on the mount,\n  ${theirs} in the plain directory`,
          }
      }
    }
    return { done: operations.length }
  }

  private compare(mount: readonly TreeFile[], plain: readonly TreeFile[]): PlayerAnswer {
    const others = new Map(plain.map((file) => [file.path, file]))
    for (const file of mount) {
      const other = others.get(file.path)
      if (!other) return { difference: `${show(file.path)} is on the mount only` }
      others.delete(file.path)
      if (file.path === '') continue
      for (const key of ['mode', 'uid', 'gid', 'nlink', 'rdev', 'size', 'target', 'content', 'xattrs'] as const) {
        const [ours, theirs] = [JSON.stringify(file[key]), JSON.stringify(other[key])]
        if (ours !== theirs)
          return { difference: `${show(file.path)}: ${key} ${ours} on the mount, ${theirs} in the plain directory` }
      }
      for (const key of ['mtime', 'ctime'] as const) {
        if (!this.sameMoment(file[key], other[key]))
          return {
            difference: `${show(file.path)}: ${key} ${file[key].join('.')} on the mount, ${other[key].join('.')} in the plain directory`,
          }
      }
    }
    for (const path of others.keys()) return { difference: `${show(path)} is in the plain directory only` }
    return {}
  }

  /** Equal, or both given by one and the same operation. */
  private sameMoment(one: Time, other: Time): boolean {
    if (one[0] === other[0] && one[1] === other[1]) return true
    const times = [one, other].map(([sec, nsec]) => sec * 1000 + nsec / 1e6)
    const [early, late] = [Math.min(...times), Math.max(...times)]
    let low = 0
    let high = this.spans.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.spans[middle]?.[1] ?? 0) + AHEAD_MS >= late) high = middle
      else low = middle + 1
    }
    const span = this.spans[low]
    return span !== undefined && span[0] - TICK_MS <= early
  }
}

function pathsOf(operation: TwinOperation): string[] {
  const paths: string[] = []
  if ('path' in operation) paths.push(operation.path)
  if ('to' in operation) paths.push(operation.to)
  return paths
}

/** What an operation may have changed at a path, but for the times. */
function describe(root: number, path: string): string {
  const stats = statFile(root, path)
  if (!stats) return 'nothing'
  const [mode, , nlink, uid, gid, rdev, size] = stats
  const directory = ((mode as number) & 0o170000) === 0o040000
  return `mode ${(mode as number).toString(8)} links ${nlink} owner ${uid}:${gid} rdev ${rdev} size ${directory ? '-' : size}`
}

function show(path: string): string {
  return JSON.stringify(path)
}

function now(): number {
  return performance.timeOrigin + performance.now()
}

const player = new Player()
process.umask(0o022)
answerRequests((request: PlayerRequest) => player.answer(request))
process.on('disconnect', () => process.exit())
