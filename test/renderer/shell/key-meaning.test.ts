import { expect, test } from 'vitest'
import { fitting } from '../../../src-renderer/shell/fitting.ts'
import { globalKey } from '../../../src-renderer/shell/key-meaning.ts'

const plain = { ctrl: false, alt: false, shift: false, writing: false, letters: true }

test('Ctrl+Z takes a restore back, but in a text field it is the text that it takes back', () => {
  expect(globalKey({ ...plain, key: 'z', ctrl: true })).toBe('undo')
  expect(globalKey({ ...plain, key: 'z', ctrl: true, writing: true })).toBe(null)
})

test('the palette opens from everywhere', () => {
  expect(globalKey({ ...plain, key: 'k', ctrl: true, writing: true })).toBe('palette')
})

test('a question mark that is typed into a text is one', () => {
  expect(globalKey({ ...plain, key: '?', shift: true })).toBe('keys')
  expect(globalKey({ ...plain, key: '?', shift: true, writing: true })).toBe(null)
})

test('single keys that type something can be turned off, and F1 stays', () => {
  expect(globalKey({ ...plain, key: '?', shift: true, letters: false })).toBe(null)
  expect(globalKey({ ...plain, key: 'F1', letters: false, writing: true })).toBe('keys')
})

test('F6 goes through the parts of the window, in both directions', () => {
  expect(globalKey({ ...plain, key: 'F6', writing: true })).toBe('next-part')
  expect(globalKey({ ...plain, key: 'F6', shift: true })).toBe('previous-part')
  expect(globalKey({ ...plain, key: 'F6', ctrl: true })).toBe(null)
})

test('letters alone are the screen’s', () => {
  expect(globalKey({ ...plain, key: 'k' })).toBe(null)
  expect(globalKey({ ...plain, key: 'f', ctrl: true, shift: true })).toBe(null)
})

test('commands are found by their words in any order', () => {
  const all = [{ name: 'Pause history of thesis' }, { name: 'Settings' }]
  expect(fitting(all, 'thesis pau')).toEqual([all[0]])
  expect(fitting(all, '')).toEqual(all)
})
