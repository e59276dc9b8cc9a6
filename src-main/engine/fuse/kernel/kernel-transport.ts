import type { Progress } from '../../project/progress.ts'
import { readRequest, type ReplyLane } from '../../sys/native.ts'
import { EIO } from '../errno.ts'
import type { Growth } from '../growth.ts'
import type { Transport, TransportEnd } from '../transport.ts'
import type { Volume } from '../volume.ts'
import { Dispatcher } from './dispatch.ts'
import { Parking } from './parking.ts'
import { growingOf, OP } from './protocol.ts'
import { Reply } from './reply.ts'
import { Request } from './request.ts'
import { Shedding } from './shedding.ts'

const ENODEV = 19
const EBADF = 9
const CONTROL_EVERY = 64
/** What the watchdog is shown as the request at work while messages are taken in. */
const NO_REQUEST = 0xffff
const SHED_EVERY = 4096
/** How long after an fsync another one is expected. */
const PACED_MS = 2000

export interface KernelOptions {
  readonly fuseFd: number
  /** eventfd that announces control messages. */
  readonly controlFd: number
  readonly volume: Volume
  readonly progress: Progress
  /** Answers fsyncs. */
  readonly lane: ReplyLane
  /** Sends notifications to the kernel. */
  readonly notifier: ReplyLane
  /** Polling before sleeping, in nanoseconds; 0 where there is no second CPU to spare. */
  readonly spinNs: number
  readonly growth: Growth
  readonly statfsFd: number
  readonly reserveBytes: number
  /** Takes control messages; true ends the service. */
  readonly control: () => boolean
  /** Takes in which flushes of the lane have finished. */
  readonly syncs: () => void
  readonly report: (message: string, error: unknown) => void
}

/**
 * The mount thread's loop: read a request, answer it, nothing awaited. A request that throws is answered EIO; one that
 * would grow the log beyond its bound is parked.
 */
export class KernelTransport implements Transport {
  private readonly request = new Request()
  private readonly reply: Reply
  private readonly parking: Parking
  private readonly dispatcher: Dispatcher
  private readonly shedding: Shedding
  /** Until then (performance.now) an fsync counts as recent. */
  private pacedUntil = 0

  constructor(private readonly options: KernelOptions) {
    this.reply = new Reply(options.fuseFd, options.volume.space)
    this.parking = new Parking(this.request, this.reply, (count) => options.progress.setParked(count))
    this.shedding = new Shedding(options.volume.space, options.notifier)
    this.dispatcher = new Dispatcher(options.volume, this.request, this.reply, {
      sync: (reply) => this.sync(reply),
      written: (reply, payload) => this.written(reply, payload),
      interrupt: (low, high) => this.parking.interrupt(low, high),
      statfsFd: options.statfsFd,
      reserveBytes: options.reserveBytes,
    })
  }

  serve(): TransportEnd {
    const { fuseFd, controlFd, spinNs, control, progress } = this.options
    const { bytes } = this.request
    for (let turn = 0; ; turn++) {
      const checkControl = turn % CONTROL_EVERY === 0
      const got = readRequest(fuseFd, controlFd, bytes, Request.START, Request.CAPACITY, spinNs, checkControl)
      if (got === -ENODEV || got === -EBADF) return 'unmounted'
      if (got < 0) throw Object.assign(new Error(`reading requests failed: errno ${-got}`), { errno: got })
      if (got === 0) {
        progress.setBusy(NO_REQUEST)
        if (control()) return 'stopped'
        this.resume()
        progress.setBusy(0)
        continue
      }
      this.request.parse(got)
      this.handle()
      if (turn % SHED_EVERY === 0) this.shedding.consider()
    }
  }

  /** Answers parked requests while the log has room. */
  resume(): void {
    while (this.parking.count > 0 && this.options.growth.verdict('grows') !== 'waits') {
      if (!this.parking.next()) break
      this.handle()
    }
  }

  private handle(): void {
    const { request, reply, options } = this
    reply.begin(request.uniqueLow, request.uniqueHigh)
    options.progress.setBusy(request.opcode)
    try {
      const verdict = options.growth.verdict(growingOf(request.opcode))
      if (verdict === 'goes') this.dispatcher.answer()
      else if (verdict === 'waits') this.parking.park()
      else reply.status(-verdict)
    } catch (error) {
      options.report(`request ${request.opcode} on inode ${request.nodeid} failed`, error)
      if (!reply.answered && request.opcode !== OP.FORGET && request.opcode !== OP.BATCH_FORGET) reply.status(-EIO)
    }
    options.progress.setBusy(0)
  }

  /**
   * Keeps little in front of an fsync: what was written is sent to the disk as it comes. Where fsyncs are called, too,
   * the program that writes much is answered at the pace of the disk, so that no queue grows in front of them.
   */
  private written(reply: Reply, payload: number): void {
    const { lane, volume } = this.options
    const part = volume.log.takeWriteback()
    if (part && performance.now() < this.pacedUntil) {
      lane.writebackThenReply(part.fd, part.offset, part.length, reply.whole(payload))
      reply.answered = true
      return
    }
    reply.send(payload)
    if (part) lane.startWriteback(part.fd, part.offset, part.length)
  }

  /** One fdatasync of all that is not on the disk, by the lane, which answers. */
  private sync(reply: Reply): void {
    const { lane, volume, syncs } = this.options
    this.pacedUntil = performance.now() + PACED_MS
    syncs()
    const sync = volume.log.beginSync()
    if (!sync) return reply.status(0)
    lane.syncThenReply(sync.fds, reply.statusBytes(0), reply.statusBytes(-EIO), sync.ticket)
    reply.answered = true
  }
}
