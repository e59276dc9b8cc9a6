/**
 * What the threads of one project tell each other without messages, in shared memory. One writer per field; a pair of
 * numbers that belong together is read under a sequence lock.
 */
const SEQUENCE = 0
const RECORDER_IDLE = 1
const STEPS_DONE = 2
const BUSY_OPCODE = 3
const WORDS = 16
const FLOATS = 16
const END = 0
const LAST_ID = 1
const APPENDED = 2
const BYTES = 3
const BUSY_SINCE = 4
const PARKED = 5
const TAKEN = 6
const TAKEN_TO = 7
const HELD_BACK = 8
const OLDEST = 9
const OPERATIONS = 10
const NEWEST_SEC = 11
const NEWEST_NSEC = 12

export interface LogProgress {
  /** Global end position of the log and the id of its last record. */
  readonly end: number
  readonly lastId: number
  /** Operations the mount thread has seen, those it found in the log included. */
  readonly appended: number
  /** What the log's segments hold, recorded or not: the measure of its bound. */
  readonly bytes: number
  readonly operations: number
  /** When its newest operation was done; 0 and 0: not known. */
  readonly newestSec: number
  readonly newestNsec: number
}

export interface RecorderProgress {
  /** How many of the appended operations the recorder has taken in, and up to which log position. */
  readonly taken: number
  readonly takenTo: number
  /** Of those, how many history does not have yet: of files that are open for writing. */
  readonly heldBack: number
  /** When the oldest waiting operation was noticed (ms since 1970); 0: none waits. */
  readonly oldest: number
}

export class Progress {
  private readonly words: Int32Array
  private readonly floats: Float64Array

  constructor(readonly memory: SharedArrayBuffer = new SharedArrayBuffer(WORDS * 4 + FLOATS * 8)) {
    this.words = new Int32Array(memory, 0, WORDS)
    this.floats = new Float64Array(memory, WORDS * 4, FLOATS)
  }

  /** Mount thread: the log has grown or shrunk. */
  publishLog({ end, lastId, appended, bytes, operations, newestSec, newestNsec }: LogProgress): void {
    const { words, floats } = this
    Atomics.add(words, SEQUENCE, 1)
    floats[END] = end
    floats[LAST_ID] = lastId
    floats[APPENDED] = appended
    floats[BYTES] = bytes
    floats[OPERATIONS] = operations
    floats[NEWEST_SEC] = newestSec
    floats[NEWEST_NSEC] = newestNsec
    Atomics.add(words, SEQUENCE, 1)
  }

  log(): LogProgress {
    for (;;) {
      const before = Atomics.load(this.words, SEQUENCE)
      const [end, lastId, appended, bytes] = this.floats.subarray(0, 4) as unknown as [number, number, number, number]
      const operations = this.floats[OPERATIONS] as number
      const newestSec = this.floats[NEWEST_SEC] as number
      const newestNsec = this.floats[NEWEST_NSEC] as number
      if ((before & 1) === 0 && Atomics.load(this.words, SEQUENCE) === before) {
        return { end, lastId, appended, bytes, operations, newestSec, newestNsec }
      }
    }
  }

  /** Recorder thread. The fields are read one by one: a status may be a moment old. */
  publishRecorder({ taken, takenTo, heldBack, oldest }: RecorderProgress): void {
    this.floats[TAKEN] = taken
    this.floats[TAKEN_TO] = takenTo
    this.floats[HELD_BACK] = heldBack
    this.floats[OLDEST] = oldest
  }

  recorder(): RecorderProgress {
    const [taken, takenTo, heldBack, oldest] = this.floats.subarray(TAKEN, TAKEN + 4) as unknown as [
      number,
      number,
      number,
      number,
    ]
    return { taken, takenTo, heldBack, oldest }
  }

  /** Recorder thread: nothing to do; the next operation wakes it. */
  setRecorderIdle(idle: boolean): void {
    Atomics.store(this.words, RECORDER_IDLE, idle ? 1 : 0)
  }

  /** Mount thread: true once when the recorder was idle, so that it is woken by one message. */
  takeIdle(): boolean {
    return (
      Atomics.load(this.words, RECORDER_IDLE) === 1 && Atomics.compareExchange(this.words, RECORDER_IDLE, 1, 0) === 1
    )
  }

  /** Applier: how many moves of the current plan have been done in working/. */
  publishSteps(done: number): void {
    Atomics.store(this.words, STEPS_DONE, done)
  }

  steps(): number {
    return Atomics.load(this.words, STEPS_DONE)
  }

  /** Mount thread: it begins (opcode) or ends (0) a request; the watchdog looks at how long one takes. */
  setBusy(opcode: number): void {
    if (opcode !== 0) this.floats[BUSY_SINCE] = Date.now()
    Atomics.store(this.words, BUSY_OPCODE, opcode)
  }

  /** The request in work and since when (ms), or null. */
  busy(): { readonly opcode: number; readonly since: number } | null {
    const opcode = Atomics.load(this.words, BUSY_OPCODE)
    return opcode === 0 ? null : { opcode, since: this.floats[BUSY_SINCE] as number }
  }

  setParked(count: number): void {
    this.floats[PARKED] = count
  }

  parked(): number {
    return this.floats[PARKED] as number
  }
}
