import { expect, test } from 'vitest'
import { nameTrouble } from '../../../src-renderer/projects/project-name.ts'

test('a name in use is refused whatever its case', () => {
  expect(nameTrouble('Thesis', ['thesis'])).toMatch(/already/)
})

test('names of folders are names of projects', () => {
  expect(nameTrouble('Größe 2026 (draft)', ['thesis'])).toBe(null)
})

test('no name, slashes and leading points are refused', () => {
  for (const name of ['', ' ', 'a/b', '.hidden', '-x']) expect(nameTrouble(name, [])).not.toBe(null)
})
