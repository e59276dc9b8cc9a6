import { expect, test } from 'vitest'
import { check, checked, errno, errnoName, systemError } from '../../../src-main/engine/sys/errno.ts'

test('a number that is no error passes', () => {
  expect(check(0, 'openAt x')).toBe(0)
  expect(check(7, 'openAt x')).toBe(7)
  expect(checked('target', 'readlinkAt x')).toBe('target')
})

test('a failed call is an error with code, errno and call', () => {
  const failed = (): number => check(-errno.ENOENT, 'openAt dirty/1')
  expect(failed).toThrow('ENOENT: no such file or directory, openAt dirty/1')
  expect(failed).toThrow(expect.objectContaining({ code: 'ENOENT', errno: -2, syscall: 'openAt' }))
  expect(() => checked<string>(-errno.EINVAL, 'readlinkAt x')).toThrow(expect.objectContaining({ code: 'EINVAL' }))
})

test('the name of a number is the one that programs print', () => {
  expect([11, 35, 95, 61, 108, 2].map(errnoName)).toEqual([
    'EAGAIN',
    'EDEADLK',
    'EOPNOTSUPP',
    'ENODATA',
    'ESHUTDOWN',
    'ENOENT',
  ])
  expect(errnoName(-errno.EXDEV)).toBe('EXDEV')
  expect(systemError(-4000, 'call').code).toBe('E4000')
})
