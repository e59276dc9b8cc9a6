import { expect, test } from 'vitest'
import { splitPath, visible } from '../../../src-renderer/ui/visible.ts'

test('a name that turns the reading direction shows the mark that would do it', () => {
  expect(visible('invoice\u202Efdp.exe')).toBe('invoice⟨202E⟩fdp.exe')
})

test('escape sequences of a terminal are shown as their characters', () => {
  expect(visible('a\u001b[31mb\u0007\u007f')).toBe('a␛[31mb␇␡')
})

test('what cannot be seen is shown, what can stays', () => {
  expect(visible('a\u200bb')).toBe('a⟨200B⟩b')
  expect(visible('Größe 日本語 👩‍💻 <b>.txt')).toBe('Größe 日本語 👩‍💻 <b>.txt')
})

test('a path is its folder and its name', () => {
  expect(splitPath('a/b/c.txt')).toEqual({ folder: 'a/b/', name: 'c.txt' })
  expect(splitPath('c.txt')).toEqual({ folder: '', name: 'c.txt' })
})
