import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Pruned, prunedFiles } from '../../../../src-main/engine/store/retention/pruned.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ize-pruned-'))
  mkdirSync(join(root, 'meta'))
})
afterEach(() => rmSync(root, { recursive: true }))

const address = (n: number): string => n.toString(16).padStart(64, '0')

async function filled(): Promise<void> {
  await Pruned.read(root).add({ upTo: 7, keep: '30 days', objects: [address(1), address(2)] }, 1000)
  await Pruned.read(root).settle(2000)
  await Pruned.read(root).add({ upTo: 9, keep: 'weekly', objects: [address(2), address(3)] }, 3000)
}

function expectAll(pruned: Pruned): void {
  expect(pruned.size).toBe(3)
  expect(pruned.of(address(1))).toEqual({ upTo: 7, keep: '30 days', time: 1000 })
  expect(pruned.of(address(2))).toEqual({ upTo: 9, keep: 'weekly', time: 3000 })
  expect(pruned.of(address(4))).toBeUndefined()
  expect(pruned.letsGo(address(1), 7)).toBe(true)
  expect(pruned.letsGo(address(1), 8)).toBe(false)
  expect(pruned.letsGo(address(4), 1)).toBe(false)
}

test('without a prune nothing was', () => {
  const pruned = Pruned.read(root)
  expect(pruned).toMatchObject({ size: 0, due: false, problems: [] })
})

test('what was pruned is known, with the last prune of each content', async () => {
  await filled()
  const pruned = Pruned.read(root)
  expectAll(pruned)
  expect(pruned.problems).toEqual([])
})

test('a prune is due until it is collected', async () => {
  await filled()
  expect(Pruned.read(root).due).toBe(true)
  await Pruned.read(root).settle(4000)
  expect(Pruned.read(root).due).toBe(false)
  const before = readFileSync(prunedFiles(root)[0])
  await Pruned.read(root).settle(5000)
  expect(readFileSync(prunedFiles(root)[0])).toEqual(before)
  expectAll(Pruned.read(root))
})

test('a prune that was withdrawn was none', async () => {
  await filled()
  await Pruned.read(root).settle(4000)
  await Pruned.read(root).add({ upTo: 11, keep: '1 version', objects: [address(1), address(4)] }, 5000)
  await Pruned.read(root).withdraw(6000)
  expectAll(Pruned.read(root))
  expect(Pruned.read(root).due).toBe(false)
})

test.each([0, 1])('a wrong byte, a cut and a loss of file %i are told, and the other has it all', async (which) => {
  await filled()
  const file = prunedFiles(root)[which] ?? ''
  const sound = readFileSync(file)
  for (let at = 0; at < sound.length; at++) {
    const wrong = Buffer.from(sound)
    wrong[at] = (wrong[at] ?? 0) ^ 0x40
    writeFileSync(file, wrong)
    const pruned = Pruned.read(root)
    expectAll(pruned)
    expect(pruned.problems).toHaveLength(1)
    expect(pruned.problems[0]).toContain(file)
  }
  truncateSync(file, 100)
  expectAll(Pruned.read(root))
  expect(Pruned.read(root).problems).toHaveLength(1)
  rmSync(file)
  expectAll(Pruned.read(root))
  await Pruned.read(root).mend()
  expect(Pruned.read(root).problems).toEqual([])
  expect(readFileSync(file)).toEqual(sound)
})

test('where both are damaged, what can be read counts, and both are named', async () => {
  await filled()
  for (const file of prunedFiles(root)) truncateSync(file, 200)
  const pruned = Pruned.read(root)
  expect(pruned.size).toBe(2)
  expect(pruned.problems).toHaveLength(2)
})
