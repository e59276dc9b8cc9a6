import { constants, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { check, checked, errno } from '../../../src-main/engine/sys/errno.ts'
import * as native from '../../../src-main/engine/sys/native.ts'
import { bytes, newPlace, O_CREAT, O_RDWR, O_WRONLY, type Place } from './place.ts'

const AT_REMOVEDIR = 0x200
const RENAME_NOREPLACE = 1
const RENAME_EXCHANGE = 2

const everyByte = String.fromCharCode(...Array.from({ length: 255 }, (_, i) => i + 1)).replace('/', '')

function stat(place: Place, name: string): { row: number[]; identity: string } {
  const row = new Float64Array(native.STAT_WORDS)
  const identity = Buffer.alloc(native.IDENTITY_BYTES)
  const length = check(native.statIdentity(place.fd, name, row, identity), `statIdentity ${name}`)
  return { row: [...row], identity: identity.toString('latin1', 0, length) }
}

test('a name of any bytes comes back as it went', () => {
  const place = newPlace()
  place.open(everyByte, O_CREAT | O_WRONLY)
  expect(native.mkdirAt(place.fd, '\xe9 directory', 0o700)).toBe(0)
  expect(native.symlinkAt(`../${everyByte}`, place.fd, 'link\xff')).toBe(0)
  expect(native.readlinkAt(place.fd, 'link\xff')).toBe(`../${everyByte}`)
  const listing = checked<native.Listing>(native.listDirectory(place.fd), 'listDirectory')
  expect([...listing.names].sort()).toEqual([everyByte, '\xe9 directory', 'link\xff'].sort())
  expect(listing.stats).toHaveLength(3 * native.STAT_WORDS)
  expect(listing.identities).toHaveLength(3 * native.IDENTITY_BYTES)
  expect([...listing.identityLengths]).toEqual([0, 0, 0])
})

test('a name of 256 bytes is too long, one with a NUL is none', () => {
  const place = newPlace()
  expect(native.mkdirAt(place.fd, 'x'.repeat(255), 0o700)).toBe(0)
  expect(native.mkdirAt(place.fd, 'x'.repeat(256), 0o700)).toBe(-errno.ENAMETOOLONG)
  expect(native.mkdirAt(place.fd, 'x'.repeat(70_000), 0o700)).toBe(-errno.ENAMETOOLONG)
  expect(native.mkdirAt(place.fd, 'a\0b', 0o700)).toBe(-errno.EINVAL)
})

test('names are moved, exchanged, linked and removed, or say why not', () => {
  const place = newPlace()
  for (const name of ['a', 'b']) writeFileSync(join(place.path, name), name)
  const { fd } = place
  const read = (name: string): string => readFileSync(join(place.path, name), 'utf8')
  expect(native.renameAt2(fd, 'a', fd, 'b', RENAME_NOREPLACE)).toBe(-errno.EEXIST)
  expect(native.renameAt2(fd, 'a', fd, 'b', RENAME_EXCHANGE)).toBe(0)
  expect([read('a'), read('b')]).toEqual(['b', 'a'])
  expect(native.linkAt(fd, 'a', fd, 'c')).toBe(0)
  expect(statSync(join(place.path, 'c')).nlink).toBe(2)
  expect(native.linkAt(place.open('a', O_RDWR), '', fd, 'd')).toBe(0)
  expect(native.unlinkAt(fd, 'd', 0)).toBe(0)
  expect(native.unlinkAt(fd, 'd', 0)).toBe(-errno.ENOENT)
  expect(native.mkdirAt(fd, 'e', 0o700)).toBe(0)
  expect(native.unlinkAt(fd, 'e', 0)).toBe(-errno.EISDIR)
  expect(native.unlinkAt(fd, 'e', AT_REMOVEDIR)).toBe(0)
  expect(native.readlinkAt(fd, 'a')).toBe(-errno.EINVAL)
})

test('the facts of a file are those of stat', () => {
  const place = newPlace()
  writeFileSync(join(place.path, 'file'), 'content')
  // In this order: any chown clears setuid and setgid.
  expect(native.chownAt(place.fd, 'file', -1, -1)).toBe(0)
  expect(native.chmodAt(place.fd, 'file', 0o2751)).toBe(0)
  expect(native.utimesAt(place.fd, 'file', 5, 6, 1e9, 999_999_999)).toBe(0)
  expect(native.setXattr(place.fd, 'file', 'user.ize', bytes('identity\xff'), 0)).toBe(0)
  const { row, identity } = stat(place, 'file')
  const s = statSync(join(place.path, 'file'), { bigint: true })
  const times = [s.atimeNs, s.mtimeNs, s.ctimeNs].flatMap((ns) => [ns / 10n ** 9n, ns % 10n ** 9n])
  const facts = [s.mode, s.ino, s.nlink, s.uid, s.gid, s.rdev, s.size, s.blocks, ...times, s.dev]
  expect(row).toEqual(facts.map(Number))
  expect(row[0]).toBe(constants.S_IFREG | 0o2751)
  expect(row.slice(8, 12)).toEqual([5, 6, 1e9, 999_999_999])
  expect(identity).toBe('identity\xff')
  expect(native.statIdentity(place.fd, 'file', new Float64Array(3), Buffer.alloc(64))).toBe(-errno.EINVAL)
  expect(native.statIdentity(place.fd, 'none', new Float64Array(15), Buffer.alloc(64))).toBe(-errno.ENOENT)
})

test('extended attributes hold any bytes and are never those of a symlink target', () => {
  const place = newPlace()
  writeFileSync(join(place.path, 'file'), '')
  symlinkSync('file', join(place.path, 'link'))
  const value = Buffer.from(Array.from({ length: 2000 }, (_, i) => i % 256))
  expect(native.setXattr(place.fd, 'file', 'user.\xe9', value, 0)).toBe(0)
  expect(native.getXattr(place.fd, 'file', 'user.\xe9')).toEqual(value)
  expect(native.listXattr(place.fd, 'file')).toEqual(['user.\xe9'])
  expect(native.listXattr(place.fd, 'link')).toEqual([])
  expect(native.setXattr(place.fd, 'link', 'user.x', value, 0)).toBe(-errno.EPERM)
  expect(native.removeXattr(place.fd, 'file', 'user.\xe9')).toBe(0)
  expect(native.removeXattr(place.fd, 'file', 'user.\xe9')).toBe(-errno.ENODATA)
  expect(native.getXattr(place.fd, 'file', 'user.\xe9')).toBe(-errno.ENODATA)
})

test('an argument of the wrong type is an error, not a crash', () => {
  const call = native as unknown as Record<string, (...args: unknown[]) => unknown>
  expect(() => call['openAt']?.('x', 'y', 0, 0)).toThrow()
  expect(() => call['openAt']?.(-100, 7, 0, 0)).toThrow('one char per byte')
  expect(() => call['readAt']?.(0, 'not an array', 0, 1, 0)).toThrow('typed array')
  expect(() => call['readAt']?.(0, new Float64Array(4), 0, 1, 0)).toThrow('typed array')
  expect(() => call['writeReply']?.()).toThrow()
})
