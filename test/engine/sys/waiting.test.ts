import { once } from 'node:events'
import { createServer, connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { check, checked, errno } from '../../../src-main/engine/sys/errno.ts'
import * as native from '../../../src-main/engine/sys/native.ts'
import { bytes, newPipe, newPlace, O_CREAT, O_RDONLY, O_RDWR } from './place.ts'

const addon = join(import.meta.dirname, '../../../native/ize.node')

/** Reads requests on a thread of its own, as the mount does, and reports each. */
function reader(fd: number, control: number, spinNs: number): Worker {
  const code = `
    const { parentPort } = require('node:worker_threads')
    const native = require(${JSON.stringify(addon)})
    const buffer = new Uint8Array(64)
    for (let n = 1; n > 0; ) {
      n = native.readRequest(${fd}, ${control}, buffer, 8, 56, ${spinNs}, false)
      parentPort.postMessage(n > 0 ? Buffer.from(buffer.subarray(8, 8 + n)).toString() : n)
    }`
  return new Worker(code, { eval: true })
}

async function next(worker: Worker): Promise<unknown> {
  const [message]: unknown[] = await once(worker, 'message')
  return message
}

test.each([0, 50_000, 20_000_000])(
  'a sleeping reader takes requests, and ends when it is told to (spin %i)',
  async (spin) => {
    const place = newPlace()
    const [pipe, control] = [newPipe(place), check(native.eventFd(), 'eventFd')]
    const worker = reader(pipe, control, spin)
    for (const request of ['one', 'two', 'three']) {
      const answer = next(worker)
      native.writeReply(pipe, bytes(request), 0, request.length)
      expect(await answer).toBe(request)
    }
    const [last, exit] = [next(worker), once(worker, 'exit')]
    expect(native.signalEvent(control)).toBe(0)
    expect(await last).toBe(0)
    await exit
    native.closeFd(control)
  },
)

test('a control signal is seen while requests keep coming', () => {
  const place = newPlace()
  const [pipe, control, buffer] = [newPipe(place), check(native.eventFd(), 'eventFd'), new Uint8Array(64)]
  native.writeReply(pipe, bytes('request'), 0, 7)
  native.signalEvent(control)
  expect(native.readRequest(pipe, control, buffer, 0, 64, 0, true)).toBe(0)
  expect(native.readRequest(pipe, control, buffer, 0, 64, 0, true)).toBe(7)
  expect(native.readRequest(-1, control, buffer, 0, 64, 0, false)).toBe(-errno.EBADF)
  expect(native.readRequest(pipe, control, buffer, 60, 64, 0, false)).toBe(-errno.EINVAL)
  native.closeFd(control)
})

test('the lane syncs, then answers, in order', () => {
  const place = newPlace()
  const pipe = newPipe(place)
  const log = place.open('log', O_CREAT | O_RDWR)
  const lane = new native.ReplyLane(pipe)
  for (const ticket of [1, 2, 3]) {
    expect(lane.syncThenReply(new Int32Array([log, place.fd]), bytes(`ok${ticket} `), bytes('error'), ticket)).toBe(0)
  }
  expect(lane.startWriteback(log, 0, 100)).toBe(0)
  expect(lane.send(bytes('notified '))).toBe(0)
  expect(lane.syncOnly(new Int32Array(), 2 ** 40)).toBe(0)
  // A pipe cannot be synced: the third kind of answer.
  expect(lane.syncThenReply(new Int32Array([pipe]), bytes('ok'), bytes('error'), 2 ** 40 + 1)).toBe(0)
  expect(lane.syncOnly(new Int32Array([987_654]), 9)).toBe(-errno.EBADF)
  lane.close()
  const state = new Float64Array(5)
  lane.state(state)
  expect([...state]).toEqual([2 ** 40 + 1, 1, errno.EINVAL, 0, 0])
  expect(lane.send(bytes('late'))).toBe(-errno.ESHUTDOWN)
  const said = new Uint8Array(100)
  const control = check(native.eventFd(), 'eventFd')
  const n = native.readRequest(pipe, control, said, 0, 100, 0, false)
  expect(Buffer.from(said.subarray(0, n)).toString()).toBe('ok1 ok2 ok3 notified error')
  native.closeFd(control)
})

test('a replaced descriptor is released, and its number is nobody else', () => {
  const place = newPlace()
  const pipe = newPipe(place)
  const copy = native.dupFd(pipe)
  expect(native.replaceWithNull(copy)).toBe(0)
  expect(native.writeReply(copy, bytes('lost'), 0, 4)).toBe(4)
  expect(native.writeReply(pipe, bytes('kept'), 0, 4)).toBe(4)
  expect(native.readAt(copy, new Uint8Array(4), 0, 4, 0)).toBe(0)
  expect(native.closeFd(copy)).toBe(0)
  expect(native.closeFd(copy)).toBe(-errno.EBADF)
  expect(native.replaceWithNull(copy)).toBe(-errno.EBADF)
})

test('a lock is held by one descriptor', () => {
  const place = newPlace()
  const [one, two] = [place.open('lock', O_CREAT | O_RDWR), place.open('lock', O_RDONLY)]
  expect(native.lockExclusive(one)).toBe(0)
  expect(native.lockExclusive(two)).toBe(-errno.EWOULDBLOCK)
})

test('the process knows its peer, its limits and its mask', async () => {
  const place = newPlace()
  const path = join(place.path, 'socket')
  const server = createServer().listen(path)
  await once(server, 'listening')
  const client = connect(path)
  const [served] = (await once(server, 'connection')) as [Socket]
  const { fd } = (served as unknown as { _handle: { fd: number } })._handle
  const peer = checked<native.PeerCredentials>(native.peerCredentials(fd), 'peerCredentials')
  expect(peer).toEqual({ pid: process.pid, uid: process.getuid?.(), gid: process.getgid?.() })
  client.destroy()
  served.destroy()
  server.close()
  const limit = native.raiseFileLimit(0)
  expect(native.raiseFileLimit(limit)).toBe(limit)
  const mask = native.setUmask(0o77)
  expect(native.setUmask(mask)).toBe(0o77)
  expect(native.setThreadNice(0)).toBe(0)
})
