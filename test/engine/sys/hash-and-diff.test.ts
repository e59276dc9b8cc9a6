import { expect, test } from 'vitest'
import * as native from '../../../src-main/engine/sys/native.ts'

const text = 'a line of a text that is kept\n'.repeat(100)

test('a hash belongs to its context', () => {
  const bytes = Buffer.from('abc')
  expect(native.hashBytes(bytes, 'one')).toMatch(/^[0-9a-f]{64}$/)
  expect(native.hashBytes(bytes, 'one')).not.toBe(native.hashBytes(bytes, 'two'))
})

test('a diff is unified, in bytes, and marks a missing newline', () => {
  const diff = native.diffUnified(Buffer.from('a\nb\r\n\xe9', 'latin1'), Buffer.from('a\nb\n\xe9\n', 'latin1'), 3, 1000)
  expect(diff.toString('latin1')).toBe('@@ -1,3 +1,3 @@\n a\n-b\r\n-\xe9\n\\ No newline at end of file\n+b\n+\xe9\n')
  expect(native.diffUnified(Buffer.from(text), Buffer.from(text), 3, 1000)).toHaveLength(0)
})
