import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { check, errno } from '../../src-main/engine/sys/errno.ts'
import * as native from '../../src-main/engine/sys/native.ts'
import { newPlace } from '../engine/sys/place.ts'

const FUSE_INIT = 26
const MNT_DETACH = 2
const root = process.getuid?.() === 0

const ways: [string, (at: string) => number][] = [
  ['fusermount3', (at) => native.mountViaHelper(at, 'default_permissions', 'a,b', 'fusermount3')],
]
if (root) ways.push(['mount(2)', (at) => check(native.mountDirect(at, 'default_permissions', 'a,b'), 'mountDirect')])

function unmount(at: string): void {
  if (root) check(native.unmountDirect(at, MNT_DETACH), 'unmountDirect')
  else expect(spawnSync('fusermount3', ['-u', '-z', at]).status).toBe(0)
}

test.each(ways)('a mount by %s brings the first request, and its end', (_way, mount) => {
  const at = join(newPlace().path, 'mount point')
  mkdirSync(at)
  const control = check(native.eventFd(), 'eventFd')
  const buffer = Buffer.alloc(1 << 16)
  const fd = mount(at)
  try {
    const line = readFileSync('/proc/self/mounts', 'latin1')
      .split('\n')
      .find((mounted) => mounted.includes(at.replaceAll(' ', '\\040')))
    expect(line).toMatch(/^a,b .* fuse\.ize rw,nosuid,nodev,/)
    expect(native.readRequest(fd, control, buffer, 0, buffer.length, 0, false)).toBeGreaterThan(40)
    expect(buffer.readUInt32LE(4)).toBe(FUSE_INIT)
    // Not a request: refused by the device, not by us.
    expect(native.writeReply(fd, buffer, 0, 3)).toBe(-errno.EINVAL)
  } finally {
    unmount(at)
  }
  expect(native.readRequest(fd, control, buffer, 0, buffer.length, 50_000, true)).toBe(-errno.ENODEV)
  expect(statSync(at).isDirectory()).toBe(true)
  for (const opened of [fd, control]) expect(native.closeFd(opened)).toBe(0)
})

test('a refused mount says why', () => {
  const nowhere = join(newPlace().path, 'nowhere')
  expect(() => native.mountViaHelper(nowhere, '', 'x', 'fusermount3')).toThrow(/nowhere/)
  expect(() => native.mountViaHelper(nowhere, '', 'x', '/nowhere/fusermount3')).toThrow(/No such file/)
  expect(native.mountDirect(nowhere, '', 'x')).toBe(-errno.ENOENT)
  expect(native.unmountDirect(nowhere, 0)).toBe(root ? -errno.ENOENT : -errno.EPERM)
})
