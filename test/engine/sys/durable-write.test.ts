import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { durableCreate } from '../../../src-main/engine/sys/durable-write.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ize-durable-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('makes a file of which there is none, and leaves one that there is', async () => {
  const file = join(folder, 'file')
  expect(await durableCreate(file, 'first', 0o640)).toBe(true)
  expect(await durableCreate(file, 'second')).toBe(false)
  expect(readFileSync(file, 'utf8')).toBe('first')
  expect(statSync(file).mode & 0o777).toBe(0o640)
  expect(readdirSync(folder)).toEqual(['file'])
})

it('follows no symbolic link, not even one that leads nowhere', async () => {
  symlinkSync(join(folder, 'nowhere'), join(folder, 'file'))
  expect(await durableCreate(join(folder, 'file'), 'content')).toBe(false)
  expect(readdirSync(folder)).toEqual(['file'])
})

it('leaves nothing behind where it cannot write', async () => {
  await expect(durableCreate(join(folder, 'none', 'file'), 'content')).rejects.toThrow(/ENOENT/)
  expect(readdirSync(folder)).toEqual([])
})
