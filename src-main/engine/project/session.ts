import type { FoldResult } from '../retention/fold-channel.ts'
import type { ForgetStep } from '../retention/forgetting.ts'
import type { Collected, CollectOptions } from '../store/collect.ts'
import type { AfterFlush, ChannelEntry, CollectionOrder, PendingOperation } from './worker-messages.ts'

/**
 * One open project as the engine's main thread sees it. The implementation (live-session.ts) owns the project's mount
 * thread and recorder thread; everything here is asynchronous and never touches a path under an Ize mount.
 */
export interface SessionStatus {
  readonly mountPoint: string | null
  readonly recorder: 'idle' | 'recording' | 'waiting' | 'stopped'
  /** While history waits on request: until when (ms since 1970). */
  readonly pausedUntil: number | null
  /** Why the recorder stopped, in one sentence. */
  readonly problem: string | null
  /** Operations in the log that are not in history yet. */
  readonly pending: {
    readonly operations: number
    readonly bytes: number
    /** Milliseconds since the oldest of them; 0 when none. */
    readonly age: number
  }
  /** Why what was pruned takes its room on the disk still, in one sentence; null: it does not, or it is being packed. */
  readonly pruneDue: string | null
  /** Time of the newest operation that is in history; null: nothing yet. */
  readonly inHistoryUpTo: { readonly sec: number; readonly nsec: number } | null
  /** Time of the newest operation that is in the log; null: not known, or nothing yet. */
  readonly savedUpTo: { readonly sec: number; readonly nsec: number } | null
  /** Operations since the session or its mount began: saved in the log, and recorded. Only their growth means anything. */
  readonly counted: { readonly saved: number; readonly recorded: number }
  readonly log: {
    readonly bytes: number
    readonly limitBytes: number
    readonly operations: number
    readonly limitOperations: number
    readonly parked: number
  }
}

export type SessionEvent =
  | { readonly type: 'status' }
  /** Something came, was recorded or paused: figures of the status change from now on. */
  | { readonly type: 'stirred' }
  /** Changes were recorded: the index holds rows up to this sequence number. */
  | { readonly type: 'recorded'; readonly sequence: number }
  /** Something to know that keeps nothing from going on. */
  | { readonly type: 'notice'; readonly message: string }
  /** The kernel or someone else ended the mount. */
  | { readonly type: 'unmounted'; readonly reason: string }
  /** `passing`: it is over when a status follows. */
  | { readonly type: 'problem'; readonly message: string; readonly passing?: true }

export interface OpenFile {
  readonly pid: number
  readonly program: string
  /** latin1, relative to the project. */
  readonly path: string
}

/** What to put back at a path of an unmounted project; contents come from the object store. */
export type RestoreStep =
  | {
      readonly kind: 'file'
      readonly path: string
      readonly object: string
      readonly mode: number
      readonly uid: number
      readonly gid: number
      readonly mtime: readonly [number, number]
      readonly xattrs: Readonly<Record<string, string>>
    }
  /** A content that no version had yet, in base64. */
  | {
      readonly kind: 'bytes'
      readonly path: string
      readonly content: string
      readonly mode: number
      readonly uid: number
      readonly gid: number
      readonly mtime: readonly [number, number]
      readonly xattrs: Readonly<Record<string, string>>
    }
  | {
      readonly kind: 'directory'
      readonly path: string
      readonly mode: number
      readonly uid: number
      readonly gid: number
      readonly mtime: readonly [number, number]
      readonly xattrs: Readonly<Record<string, string>>
    }
  | {
      readonly kind: 'symlink'
      readonly path: string
      readonly target: string
      readonly uid: number
      readonly gid: number
      readonly mtime: readonly [number, number]
    }
  | {
      readonly kind: 'special'
      readonly path: string
      readonly mode: number
      readonly rdev: number
      readonly uid: number
      readonly gid: number
      readonly mtime: readonly [number, number]
    }
  /** Removes the file, or the directory with everything below it. */
  | { readonly kind: 'remove'; readonly path: string }

/** How a mount reaches the kernel: by our own protocol loop, or through libfuse 2. */
export type MountTransport = 'kernel' | 'fuse-native'

export interface ProjectSession {
  /** Mounts at an absolute path (already prepared and checked). Errors: IzeError E_MOUNT_*, E_TRANSPORT. */
  mount(mountPoint: string, transport: MountTransport): Promise<void>
  /**
   * Ends the mount. Without `force` it fails with E_MOUNT_BUSY while files are open (data.openFiles: OpenFile[]);
   * `lazy` detaches at once and lets open files end by themselves.
   */
  unmount(options: { readonly force: boolean; readonly lazy: boolean }): Promise<void>
  status(): Promise<SessionStatus>
  /** Resolves when everything that had been done before the call is in history, open writers included. */
  flush(signal?: AbortSignal): Promise<void>
  /** As `flush`, and then makes what only the recorder can make; its address. */
  make(what: AfterFlush, signal?: AbortSignal): Promise<string | null>
  /** The first of the operations that are not in history yet. */
  pending(limit: number): Promise<readonly PendingOperation[]>
  /** History waits until then (ms since 1970), or goes on (null). What is asked for by `flush` or `make` is recorded all the same. */
  pause(until: number | null): void
  /** The channel's log, oldest first: from a place on, or the newest change alone. */
  log(from: number | 'newest', limit: number): Promise<readonly ChannelEntry[]>
  /**
   * Packs the store anew: what nothing leads to goes, and with an order the contents that it names. Recording goes on
   * meanwhile. Cancelled, it has changed nothing.
   */
  collect(order: CollectionOrder | null, options: CollectOptions): Promise<Collected>
  /** Folds all changes of Pijul's repository into one, between two batches; null: there was nothing to fold. */
  fold(): Promise<FoldResult | null>
  /**
   * Takes contents out of log, Pijul, store and search for good, with everything recorded before. Errors: E_FORGET, after
   * which all is as it was; others: what was begun is finished when the project is next opened.
   */
  forget(objects: readonly string[], step: (step: ForgetStep) => void): Promise<void>
  /** Puts versions back as new operations: straight into the log. Only for a project that is not mounted. */
  restoreUnmounted(steps: readonly RestoreStep[]): Promise<void>
  on(listener: (event: SessionEvent) => void): () => void
  /** Unmounts (lazily if busy), syncs the log, ends the threads; does not drain. Within 2 s. */
  close(): Promise<void>
}

export interface SessionOptions {
  /** `projects/{uuid}` */
  readonly root: string
  readonly name: string
}
