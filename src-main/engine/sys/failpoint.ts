/**
 * Named places where tests make things go wrong: `IZE_FAILPOINT=place:n` ends the process, as kill -9 does, when a thread
 * (in native code, native/core/sys: the process) comes by the place for the n-th time; `place:n:throw` fails there instead,
 * `place:n:fail` from then on every time, and `place:n:hang` stops the thread.
 */
export const places = [
  /** Mount thread: before an operation is logged; after that, before it is applied and answered. */
  'logging',
  'logged',
  /** Mount thread: it is about to take in messages. */
  'between-requests',
  /** Recorder: behind each step of the write order (recorder.ts). */
  'objects-stored',
  'pijul-committed',
  'seal-stored',
  'seal-in-range',
  'sealed',
  'index-written',
  'plan-written',
  'step',
  'plan-done',
  'applied-written',
  'writers-kept',
  'trimming',
  /** Recorder: behind each step that mends working/ after the machine ended. */
  'mending',
  /** Mount thread: a segment of the log was removed. */
  'segment-removed',
] as const

/** Recorder: behind each step of a prune and of a collection. Only come by when someone asks for one. */
export const askedPlaces = ['prune-noted', 'collection-marked', 'collection-done', 'prune-settled'] as const
/** Native code (native/core/store): behind each step of a collection that is none of the recorder's. */
export const packPlaces = [
  'gc-begun',
  'pack-made',
  'gc-block-written',
  'pack-flushed',
  'pack-index-written',
  'pack-closed',
  'gc-packed',
  'gc-flushed',
  'gc-file-removed',
] as const
/** Recorder: behind each step of a folding (fold-channel.ts, fold-swap.ts). */
export const foldPlaces = [
  'fold-archived',
  'fold-made',
  'fold-decided',
  'fold-parted',
  'fold-swapped',
  'fold-settled',
] as const

/** Recorder: behind each step of a forgetting (forgetting.ts), beside those of the folding and packing in it. */
export const forgetPlaces = [
  'forget-decided',
  'forget-listed',
  'forget-folded',
  'forget-collected',
  'forget-searched',
] as const

/** Engine: behind each step that turns a project back into a plain folder. */
type PlainFolderPlace = 'plain-folder-written' | 'plain-folder-verified' | 'plain-folder-placed' | 'plain-folder-left'

/** Engine: behind each step that puts a project into its folder's place. */
type InPlacePlace = `in-place-${'imported' | 'renamed' | 'emptied' | 'compared' | 'mounted' | 'adopted'}`

/** Behind each step that takes in what was found at a mount point; `placed` in the process that does it. */
type FoundPlace = `found-${'placed' | 'copied' | 'recorded'}`

export type Failpoint =
  | (typeof places)[number]
  | (typeof askedPlaces)[number]
  | (typeof foldPlaces)[number]
  | (typeof forgetPlaces)[number]
  | PlainFolderPlace
  | InPlacePlace
  | FoundPlace

const [wanted, count, action = 'kill'] = (process.env['IZE_FAILPOINT'] ?? '').split(':')
let left = Number(count ?? 1)

export function reached(place: Failpoint): void {
  if (place !== wanted || --left > 0 || (left < 0 && action !== 'fail')) return
  if (action === 'throw' || action === 'fail') throw new Error(`the failpoint ${place} was reached`)
  if (action === 'hang') for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  process.kill(process.pid, 'SIGKILL')
}
