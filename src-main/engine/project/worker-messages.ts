import type { MessagePort } from 'node:worker_threads'
import type { OpType } from '../oplog/operation.ts'
import type { FoldResult } from '../retention/fold-channel.ts'
import type { ForgetStep } from '../retention/forgetting.ts'
import type { Collected, CollectProgress } from '../store/collect.ts'
import type { PruneOrder } from '../store/retention/pruned.ts'
import type { PijulLogEntry } from '../sys/native.ts'
import type { RestoreStep } from './session.ts'

/** What the threads of one project say to each other. All stay within the process and are made by this code only. */

/**
 * Where an inode's base stands after a step of the applier: directory 0 is tmp/, null is nowhere. With `lostIn` and
 * `lostName` it counts only for an inode whose base was at that name.
 */
export type Move = readonly [ino: number, directory: number | null, name: string, lostIn?: number, lostName?: string]

/** An entry of the sidecar: null removes it. */
export type SidecarChange = readonly [directory: number, name: string, identity: string | null]

export type RecorderToVolume =
  /** A plan begins: its moves in order; Progress.steps says how many are done. `end` is the log position behind it. */
  | {
      readonly type: 'plan'
      readonly end: number
      readonly moves: readonly Move[]
      readonly sidecar: readonly SidecarChange[]
    }
  /** working/ has taken in everything before this log position. */
  | { readonly type: 'applied'; readonly position: number }
  /** Everything before this log position is recorded and working/ is synced: its segments may go. */
  | { readonly type: 'trim'; readonly position: number }
  /** The segment that is being written is closed; the next operation begins another. */
  | { readonly type: 'rotate' }
  /** The recorder gave up (or works again: 'no'). */
  | { readonly type: 'stopped'; readonly why: 'no' | 'full' | 'error' }

export type MainToVolume =
  { readonly type: 'restore'; readonly id: number; readonly steps: readonly RestoreStep[] } | { readonly type: 'stop' }

export type VolumeToMain =
  | { readonly type: 'ready'; readonly fuseFd: number }
  | { readonly type: 'failed'; readonly error: SentError }
  | { readonly type: 'restored'; readonly id: number; readonly error: SentError | null }
  | { readonly type: 'ended'; readonly reason: 'unmounted' | 'stopped' }
  | { readonly type: 'report'; readonly message: string }

export type VolumeToRecorder =
  /** The recorder was idle and there is something to do. */
  | { readonly type: 'work' }
  /** A process not seen before: its command line can be read while it lives. */
  | { readonly type: 'process'; readonly process: number; readonly start: number }

/** A change as the channel's log tells it. */
export type ChannelEntry = Pick<PijulLogEntry, 'n' | 'hash' | 'state'> & { readonly metadata: Uint8Array }

/** What only the writer of history can make. */
export type AfterFlush =
  | { readonly kind: 'nothing' }
  /** A change without entries, for the sake of its seal. */
  | { readonly kind: 'seal'; readonly message: string }
  /** The object of an annotated tag; nothing refers to it yet. `seal`: an address; null: the newest. */
  | { readonly kind: 'tag'; readonly name: string; readonly seal: string | null; readonly message: string }

/** An operation that is not in history yet. `open`: the newest of a file that waits for whoever has it open for writing. */
export interface PendingOperation {
  readonly id: number
  readonly kind: OpType | 'open'
  /** latin1; of a rename the new name. Empty: the file has no name any more. */
  readonly path: string
  /** Bytes of content that it brought. */
  readonly bytes: number
  readonly time: readonly [sec: number, nsec: number]
  /** Null: unknown. */
  readonly program: string | null
}

/** Contents that a collection lets go of. */
export interface CollectionOrder extends PruneOrder {
  /** Addresses of the tags that were considered. */
  readonly tags: readonly string[]
}

export type MainToRecorder =
  /** Bring everything into history, then make what `then` says. */
  | { readonly type: 'flush'; readonly id: number; readonly then: AfterFlush }
  /** Read the channel's log, which only the owner of the repository can: from a place on, or the newest change. */
  | { readonly type: 'log'; readonly id: number; readonly from: number | 'newest'; readonly limit: number }
  /** Finish the batch and take no other until the volume is there: it reads the log and working/ as they are. */
  | { readonly type: 'hold'; readonly volume: MessagePort }
  | { readonly type: 'volumeReady' }
  | { readonly type: 'volumeEnded' }
  /** Take no batch, or go on; what a flush asks for is recorded all the same. */
  | { readonly type: 'pause'; readonly paused: boolean }
  /** Name the first operations that wait. */
  | { readonly type: 'pending'; readonly id: number; readonly limit: number }
  /** Pack the store anew, beside the recording; before it, note what is to go. */
  | {
      readonly type: 'collect'
      readonly id: number
      readonly order: CollectionOrder | null
      /** Of packs that are to be left as they are, in thousandths. */
      readonly lost: number
    }
  | { readonly type: 'cancelCollect'; readonly id: number }
  /** Make Pijul's part of history short, between two batches. */
  | { readonly type: 'fold'; readonly id: number }
  /** Take contents out of log and history for good, between two batches. */
  | { readonly type: 'forget'; readonly id: number; readonly objects: readonly string[] }
  | { readonly type: 'close' }

export type RecorderToMain =
  | { readonly type: 'recovered'; readonly inHistoryUpTo: readonly [number, number] | null }
  /** `error`: working/ is half changed by a plan that fails; no volume may begin on it. */
  | { readonly type: 'held'; readonly from: VolumeStart; readonly error: SentError | null }
  | { readonly type: 'failed'; readonly error: SentError }
  /** `made`: the address of what was made afterwards. */
  | { readonly type: 'flushed'; readonly id: number; readonly error: SentError | null; readonly made: string | null }
  | {
      readonly type: 'logged'
      readonly id: number
      readonly entries: readonly ChannelEntry[]
      readonly error: SentError | null
    }
  | { readonly type: 'collecting'; readonly id: number; readonly step: CollectProgress }
  | {
      readonly type: 'collected'
      readonly id: number
      readonly result: Collected | null
      readonly error: SentError | null
    }
  /** What a prune let go of takes its room still, and why, in one sentence; null: no more. */
  | { readonly type: 'pruneDue'; readonly why: string | null }
  /** `result` null without an error: there was nothing to fold. */
  | {
      readonly type: 'folded'
      readonly id: number
      readonly result: FoldResult | null
      readonly error: SentError | null
    }
  | { readonly type: 'forgetting'; readonly id: number; readonly step: ForgetStep }
  | { readonly type: 'forgotten'; readonly id: number; readonly error: SentError | null }
  | {
      readonly type: 'recorded'
      readonly sequence: number
      readonly operation: number
      readonly time: readonly [number, number]
    }
  | {
      readonly type: 'state'
      readonly state: 'idle' | 'recording' | 'waiting' | 'stopped'
      readonly problem: string | null
    }
  | {
      readonly type: 'waiting'
      readonly id: number
      readonly operations: readonly PendingOperation[]
      readonly error: SentError | null
    }
  /** Operations come again after a rest. */
  | { readonly type: 'stirred' }
  /** Something a person should know, such as a torn end of the log that was cut. */
  | { readonly type: 'notice'; readonly message: string }
  | { readonly type: 'closed' }

/** Where a volume begins: what working/ has, and numbers that are free. */
export interface VolumeStart {
  /** Log position up to which working/ has everything. */
  readonly position: number
  readonly applied: number
  readonly nextIno: number
  readonly lastId: number
}

export interface SentError {
  readonly code: string
  readonly message: string
}

export interface VolumeWorkerData {
  readonly root: string
  readonly progress: SharedArrayBuffer
  readonly controlFd: number
  readonly toMain: MessagePort
  readonly toRecorder: MessagePort
  readonly from: VolumeStart
  readonly limitBytes: number
  readonly limitOperations: number
  readonly spinNs: number
  /** null: no mount; the volume takes restores only. */
  readonly mount: { readonly point: string; readonly helper: string | null } | null
}

export interface RecorderWorkerData {
  readonly root: string
  readonly progress: SharedArrayBuffer
  readonly controlFd: number
  readonly toMain: MessagePort
  readonly settings: RecorderSettings
}

export interface RecorderSettings {
  readonly granularity: 'op' | 'save' | 'batch'
  readonly textLimit: number
  readonly quietMs: number
  readonly maxWaitMs: number
  readonly openWriterSeconds: number
  readonly limitBytes: number
  readonly limitOperations: number
  readonly author: string
  readonly ignore: readonly string[]
}
