/**
 * A door through which programs reach a volume. `kernel` speaks the FUSE protocol itself on a thread of its own and
 * waits for nothing; `fuse-native` goes through libfuse on the engine's main thread, for systems where that is the only
 * way.
 */
export interface Transport {
  /** Serves until the mount ends. Says why it ended. */
  serve(): TransportEnd | Promise<TransportEnd>
}

export type TransportEnd = 'unmounted' | 'stopped'
