/**
 * A door through which programs reach a volume. `kernel` speaks the FUSE protocol itself on a thread of its own;
 * `fuse-native` goes through libfuse for systems where that is the only way.
 */
export interface Transport {
  /** Serves until the mount ends. Returns why it ended. */
  serve(): TransportEnd
}

export type TransportEnd = 'unmounted' | 'stopped'
