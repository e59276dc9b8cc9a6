import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { EngineLock } from '../../../src-main/engine/api/engine-lock.ts'
import { projectPath } from '../../../src-main/engine/api/project-path.ts'
import { SerialQueue } from '../../../src-main/engine/api/serial-queue.ts'
import { prepareSocketDirectory, socketPath } from '../../../src-main/engine/api/socket-path.ts'
import { timestamp, timestampOfMs, toTimestamp } from '../../../src-main/engine/api/timestamp.ts'

const directories: string[] = []
function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'ize-api-'))
  directories.push(directory)
  return directory
}
afterEach(() => directories.splice(0).forEach((directory) => rmSync(directory, { recursive: true })))

describe('a path of a request', () => {
  it('is brought to its plain form, in bytes', () => {
    expect(projectPath('')).toBe('')
    expect(projectPath('./a//b/../c/')).toBe('a/c')
    expect(projectPath('é')).toBe('\xc3\xa9')
    expect(projectPath('caf%E9')).toBe('caf\xe9')
  })

  it('is refused when it leaves the project', () => {
    for (const path of ['..', '/a', 'a/../..', 'a/../../b']) expect(() => projectPath(path)).toThrow(/outside/)
    expect(() => projectPath('a\0b')).toThrow(/NUL/)
  })
})

describe('a time', () => {
  it('is RFC 3339 in UTC with nanoseconds', () => {
    expect(timestamp(0, 1)).toBe('1970-01-01T00:00:00.000000001Z')
    expect(timestamp(1_795_267_951, 502_000_000)).toBe('2026-11-21T13:32:31.502000000Z')
    expect(timestamp(-1, 999_999_999)).toBe('1969-12-31T23:59:59.999999999Z')
    expect(timestampOfMs(1500)).toBe('1970-01-01T00:00:01.500000000Z')
    expect(toTimestamp('2026-11-21T13:32:34.498Z')).toBe('2026-11-21T13:32:34.498000000Z')
    expect(toTimestamp('2026-11-21T14:32:34.123456789+01:00')).toBe('2026-11-21T13:32:34.123456789Z')
  })
})

describe('the engine’s lock', () => {
  it('has one holder, who is named to the next', () => {
    const file = join(temporary(), 'engine.lock')
    const lock = EngineLock.take(file)
    lock.describe({ format: 1, pid: 4711, version: '1', socket: '/x' })
    expect(() => EngineLock.take(file)).toThrow(/process 4711/)
    lock.release()
    EngineLock.take(file).release()
  })
})

describe('the socket’s place', () => {
  it('is in the runtime directory, or below /tmp when there is none or it is too deep', () => {
    expect(socketPath('/central', { XDG_RUNTIME_DIR: '/run/user/1' })).toMatch(
      /^\/run\/user\/1\/ize\/[0-9a-f]{8}\.sock$/,
    )
    const fallback = `/tmp/ize-${process.getuid?.()}/`
    expect(socketPath('/central', {}).startsWith(fallback)).toBe(true)
    expect(socketPath('/central', { XDG_RUNTIME_DIR: `/${'x'.repeat(100)}` }).startsWith(fallback)).toBe(true)
    expect(socketPath('/central', { XDG_RUNTIME_DIR: 'relative' }).startsWith(fallback)).toBe(true)
    expect(socketPath('/other', {})).not.toBe(socketPath('/central', {}))
  })

  it('is refused when others may enter it, or it is a link', async () => {
    const directory = temporary()
    mkdirSync(join(directory, 'open'), { mode: 0o755 })
    mkdirSync(join(directory, 'own'), { mode: 0o700 })
    symlinkSync('own', join(directory, 'link'))
    await prepareSocketDirectory(join(directory, 'own', 'x.sock'))
    await prepareSocketDirectory(join(directory, 'new', 'x.sock'))
    for (const name of ['open', 'link']) {
      await expect(prepareSocketDirectory(join(directory, name, 'x.sock'))).rejects.toMatchObject({
        code: 'E_SOCKET_UNSAFE',
      })
    }
  })
})

describe('a serial queue', () => {
  it('does one thing after the other, failures included', async () => {
    const queue = new SerialQueue()
    const order: number[] = []
    const first = queue.run(async () => {
      await new Promise((resolve) => setImmediate(resolve))
      order.push(1)
      throw new Error('first')
    })
    const second = queue.run(async () => order.push(2))
    await expect(first).rejects.toThrow('first')
    await second
    expect(order).toEqual([1, 2])
  })
})
