/**
 * `dirty/state`: how far applying and recording have come, which outlives the log's segments.
 *
 *     interface LogState { applied: number, recorded: number, nextIno: number, boot: string, clean: boolean }
 *     new StateFile(dir: string)            // makes the file when it is missing
 *     read(): LogState · write(state: LogState): void · sync(): void · close(): void
 *
 * Two slots of 64 bytes, written in turn; the valid one with the higher sequence number counts, so a torn write leaves
 * the state before it. Slot, little-endian: 0 "IZST", 4 u32 version 1, 8 u64 sequence, 16 u64 applied, 24 u64 recorded,
 * 32 u64 next inode number, 40 u64 boot (boot.ts), 48 u32 flags (1 clean), 52 eight zero bytes, 60 u32 CRC-32C of [0, 60).
 */
import { closeSync, constants, fdatasyncSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { IzeError } from '../ize-error.ts'
import { crc32c } from '../sys/native.ts'
import { bootFromBytes, bootToBytes } from './boot.ts'

const SLOT = 64
const MAGIC = 0x5453_5a49
const VERSION = 1
const CLEAN = 1

export interface LogState {
  /** Last operation that working/ has taken in; 0: none. */
  readonly applied: number
  /** Last operation that is in history; 0: none. */
  readonly recorded: number
  /** No inode number from here on was ever given. */
  readonly nextIno: number
  /** The run of the machine that wrote this (boot.ts). */
  readonly boot: string
  /** All of working/ was on the disk when `applied` was written: it was synced since. */
  readonly clean: boolean
}

/** Of a project that has done nothing yet: number 1 is the root. */
export const FIRST_STATE: LogState = { applied: 0, recorded: 0, nextIno: 2, boot: '', clean: true }

export class StateFile {
  private readonly fd: number
  private sequence = 0
  private state = FIRST_STATE
  private readonly bytes = Buffer.alloc(SLOT)

  /** Errors: those of open(2); E_LOG_STATE_DAMAGED when there is a state but neither slot is valid; E_LOG_VERSION. */
  constructor(dir: string) {
    const file = join(dir, 'state')
    this.fd = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600)
    try {
      this.load(file)
    } catch (error) {
      closeSync(this.fd)
      throw error
    }
  }

  read(): LogState {
    return this.state
  }

  /**
   * Durability: survives the death of this process at once, a power loss after `sync`. An older state after a power
   * loss is harmless for `applied` (steps may run twice) and for `recorded` (segments go only after a sync). An inode
   * number must never be given twice, so a higher `nextIno` goes into both slots.
   */
  write(state: LogState): void {
    const higher = state.nextIno > this.state.nextIno
    this.writeSlot(state)
    if (higher) this.writeSlot(state)
  }

  private writeSlot(state: LogState): void {
    const bytes = this.bytes
    const sequence = this.sequence + 1
    bytes.fill(0)
    bytes.writeUInt32LE(MAGIC, 0)
    bytes.writeUInt32LE(VERSION, 4)
    bytes.writeBigUInt64LE(BigInt(sequence), 8)
    bytes.writeBigUInt64LE(BigInt(state.applied), 16)
    bytes.writeBigUInt64LE(BigInt(state.recorded), 24)
    bytes.writeBigUInt64LE(BigInt(state.nextIno), 32)
    bytes.writeBigUInt64LE(bootToBytes(state.boot), 40)
    bytes.writeUInt32LE(state.clean ? CLEAN : 0, 48)
    bytes.writeUInt32LE(crc32c(bytes, 0, SLOT - 4, 0), SLOT - 4)
    if (writeSync(this.fd, bytes, 0, SLOT, ((sequence - 1) % 2) * SLOT) !== SLOT) {
      throw new Error('The state of the operation log was written in part; the state before it holds')
    }
    this.sequence = sequence
    this.state = state
  }

  sync(): void {
    fdatasyncSync(this.fd)
  }

  close(): void {
    closeSync(this.fd)
  }

  private load(file: string): void {
    const bytes = Buffer.alloc(2 * SLOT)
    const length = readSync(this.fd, bytes, 0, bytes.length, 0)
    let newer = false
    for (const slot of [bytes.subarray(0, SLOT), bytes.subarray(SLOT)]) {
      if (slot.readUInt32LE(0) !== MAGIC || slot.readUInt32LE(SLOT - 4) !== crc32c(slot, 0, SLOT - 4, 0)) continue
      const sequence = Number(slot.readBigUInt64LE(8))
      if (slot.readUInt32LE(4) !== VERSION) newer = true
      else if (sequence > this.sequence) {
        this.sequence = sequence
        this.state = decodeSlot(slot)
      }
    }
    if (newer) {
      throw new IzeError('E_LOG_VERSION', `${file} was written by another version of Ize. Use that one.`, { file })
    }
    // Less than a slot, or nothing but zeros, is a first write that a crash cut short: there was no state before it.
    if (this.sequence === 0 && length >= SLOT && bytes.some((byte) => byte !== 0)) {
      throw new IzeError('E_LOG_STATE_DAMAGED', `Neither copy of the state in ${file} is valid. Run "ize doctor".`, {
        file,
      })
    }
  }
}

function decodeSlot(slot: Buffer): LogState {
  return {
    applied: Number(slot.readBigUInt64LE(16)),
    recorded: Number(slot.readBigUInt64LE(24)),
    nextIno: Number(slot.readBigUInt64LE(32)),
    boot: bootFromBytes(slot.readBigUInt64LE(40)),
    clean: (slot.readUInt32LE(48) & CLEAN) !== 0,
  }
}
