import type { MessagePort } from 'node:worker_threads'
import type { OpenFile, RestoreStep } from './session.ts'

/** What the threads of one project say to each other. All stay within the process and are made by this code only. */

/** Where an inode's base stands after a step of the applier: directory 0 is tmp/, null is nowhere. */
export type Move = readonly [ino: number, directory: number | null, name: string]

export type RecorderToVolume =
  /** A plan begins: its moves in order; Progress.steps says how many are done. */
  | { readonly type: 'plan'; readonly moves: readonly Move[] }
  /** working/ has taken in everything before this log position. */
  | { readonly type: 'applied'; readonly position: number }
  /** Everything before this log position is recorded and working/ is synced: its segments may go. */
  | { readonly type: 'trim'; readonly position: number }
  /** The recorder gave up (or works again: 'no'). */
  | { readonly type: 'stopped'; readonly why: 'no' | 'full' | 'error' }

export type MainToVolume =
  | { readonly type: 'openFiles'; readonly id: number }
  | { readonly type: 'restore'; readonly id: number; readonly steps: readonly RestoreStep[] }
  | { readonly type: 'stop' }

export type VolumeToMain =
  | { readonly type: 'ready'; readonly fuseFd: number }
  | { readonly type: 'failed'; readonly error: SentError }
  | { readonly type: 'openFiles'; readonly id: number; readonly files: readonly Omit<OpenFile, 'program'>[] }
  | { readonly type: 'restored'; readonly id: number; readonly error: SentError | null }
  | { readonly type: 'ended'; readonly reason: 'unmounted' | 'stopped' }
  | { readonly type: 'report'; readonly message: string }

export type VolumeToRecorder = { readonly type: 'work' }

export type MainToRecorder =
  | { readonly type: 'flush'; readonly id: number }
  | { readonly type: 'volumeReady' }
  | { readonly type: 'volumeEnded' }
  | { readonly type: 'close' }

export type RecorderToMain =
  | {
      readonly type: 'recovered'
      readonly applied: number
      readonly nextIno: number
      readonly lastId: number
      readonly inHistoryUpTo: readonly [number, number] | null
    }
  | { readonly type: 'failed'; readonly error: SentError }
  | { readonly type: 'flushed'; readonly id: number; readonly error: SentError | null }
  | {
      readonly type: 'recorded'
      readonly sequence: number
      readonly operation: number
      readonly time: readonly [number, number]
    }
  | { readonly type: 'state'; readonly state: 'idle' | 'recording' | 'waiting' | 'stopped'; readonly problem: string | null }
  | { readonly type: 'pending'; readonly operations: number; readonly bytes: number; readonly oldest: number }
  | { readonly type: 'closed' }

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
  /** From the recorder's recovery. */
  readonly applied: number
  readonly nextIno: number
  readonly lastId: number
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
  readonly toVolume: MessagePort
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
