import { createRequire } from 'node:module'
import { IzeError } from '../../ize-error.ts'

/** What a libfuse thread waits for: 0, a count, or -errno; then what the operation gives back. */
export type Answer = (result: number, ...given: readonly unknown[]) => void

/** One operation of libfuse 2 as fuse-native calls it: its arguments, then the answer. */
export type Operation = (...argumentsThenAnswer: never[]) => void

/** An object of fuse-native 2.2.6 (index.js), with the inner parts that mount-point.ts corrects. */
export interface FuseObject {
  mount(done: (error: Error | null) => void): void
  unmount(done: (error: Error | null) => void): void
  /** What the addon calls, by number of operation; the first argument is the C structure of the waiting thread. */
  readonly _handlers: ((...all: unknown[]) => void)[]
}

export interface FuseModule {
  new (point: string, operations: Readonly<Record<string, Operation>>, options: { readonly timeout: false }): FuseObject
  unmount(point: string, done: (error: Error | null) => void): void
}

const OTHERWISE = 'or set mount.transport to "kernel".'
/** Electron 21 and later keep all buffers in a memory cage; fuse-native hands out buffers of libfuse's own memory. */
const LAST_ELECTRON = 20

/** Loads the optional package `fuse-native`. Errors: E_TRANSPORT with what to do. */
export function loadFuseNative(
  versions: Readonly<Record<string, string | undefined>> = process.versions,
  load: (name: string) => unknown = createRequire(import.meta.url),
): FuseModule {
  const electron = versions['electron']
  if (electron !== undefined && Number.parseInt(electron, 10) > LAST_ELECTRON) {
    throw new IzeError(
      'E_TRANSPORT',
      `mount.transport = "fuse-native" does not work in Electron ${electron}, which refuses its buffers: run the engine under Node, ${OTHERWISE}`,
    )
  }
  let loaded: FuseModule
  try {
    loaded = load('fuse-native') as FuseModule
  } catch (cause) {
    throw new IzeError('E_TRANSPORT', whyNot(cause), {}, { cause })
  }
  // Its own way is "fusermount -uz" in a shell, which would take down whatever is mounted there by then.
  loaded.unmount = (_point, done) => done(null)
  return loaded
}

function whyNot(cause: unknown): string {
  const words = cause instanceof Error ? cause.message : String(cause)
  if (words.includes('libfuse')) {
    return `mount.transport = "fuse-native" needs libfuse.so.2: install the package libfuse2, ${OTHERWISE}`
  }
  if (/Cannot find module 'fuse-native'/.test(words)) {
    return `mount.transport = "fuse-native" needs the npm package fuse-native, which is not installed: add it with "npm install fuse-native@2.2.6", ${OTHERWISE}`
  }
  const first = words.split('\n')[0] ?? ''
  return `mount.transport = "fuse-native" cannot be used here (${first}): run "ize doctor", ${OTHERWISE}`
}
