import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type PijulChange, type PijulEdit, PijulRepository } from '../../../src-main/engine/sys/native.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ize-pijul-'))
})
afterEach(() => {
  rmSync(root, { recursive: true })
})

const write = (path: string, content: string, executable = false): PijulEdit => ({
  kind: 'write',
  path,
  content: Buffer.from(content),
  executable,
})

const change = (message: string, edits: PijulEdit[]): PijulChange => ({
  message,
  author: 'Ann Other',
  timeMs: 1_700_000_000_123,
  metadata: Buffer.from([0, 255, ...Buffer.from(message)]),
  edits,
})

test('what is recorded comes back from the log, the head and the tree', async () => {
  const repository = await PijulRepository.open(root, 'main')
  expect(await repository.head()).toBeNull()
  const [first, second] = await repository.record([
    change('first', [write('a/b.txt', 'one\n'), { kind: 'mkdir', path: 'empty' }]),
    change('second', [{ kind: 'rename', from: 'a', to: 'c' }, write('c/b.txt', 'two\n', true)]),
  ])
  expect(await repository.head()).toEqual({
    n: 2,
    hash: second?.hash,
    state: second?.state,
    message: 'second',
    timeMs: 1_700_000_000_123,
    metadata: Buffer.from([0, 255, ...Buffer.from('second')]),
  })
  const log = await repository.log(1, 10)
  expect(log.map(({ n, hash, message }) => [n, hash, message])).toEqual([
    [1, first?.hash, 'first'],
    [2, second?.hash, 'second'],
  ])
  expect((await repository.tracked()).sort()).toEqual(['c/', 'c/b.txt', 'empty/'])
  expect((await repository.read('c/b.txt')).toString()).toBe('two\n')
  await repository.close()
})

test('edits that change nothing make a change only for its metadata', async () => {
  const repository = await PijulRepository.open(root, 'main')
  const [made] = await repository.record([change('made', [write('a', 'a\n')])])
  const same = { ...change('same', [write('a', 'a\n')]), metadata: Buffer.alloc(0) }
  expect(await repository.record([same])).toEqual([{ hash: null, state: made?.state }])
  const [kept] = await repository.record([change('only a mode', [write('a', 'a\n')])])
  expect((await repository.head())?.hash).toBe(kept?.hash)
  await repository.close()
})

test('a refused batch rejects with its code, leaves nothing, and the repository goes on', async () => {
  const repository = await PijulRepository.open(root, 'main')
  const batch = [change('good', [write('a', 'a\n')]), change('bad', [{ kind: 'delete', path: 'missing' }])]
  await expect(repository.record(batch)).rejects.toMatchObject({
    code: 'EPIJUL',
    message: 'the path "missing" is not tracked',
  })
  expect(await repository.head()).toBeNull()
  expect(await repository.tracked()).toEqual([])
  expect((await repository.record([change('good', [write('a', 'a\n')])]))[0]?.hash).toMatch(/^[A-Z2-7]{53}$/)
  await repository.close()
})

test('what cannot be opened rejects with its code', async () => {
  writeFileSync(join(root, '.pijul'), 'a file where the repository should be')
  await expect(PijulRepository.open(root, 'main')).rejects.toMatchObject({ code: 'EPIJUL_OPEN' })
})

test('a closed repository refuses, and opens again as it was', async () => {
  const repository = await PijulRepository.open(root, 'main')
  const recording = repository.record([change('last', [write('a', 'a\n')])])
  await repository.close()
  const [last] = await recording
  await expect(repository.head()).rejects.toMatchObject({ code: 'EPIJUL' })
  await repository.close()
  const again = await PijulRepository.open(root, 'main')
  expect((await again.head())?.hash).toBe(last?.hash)
  await again.close()
})
