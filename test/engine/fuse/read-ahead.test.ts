import { expect, test } from 'vitest'
import { ReadAhead } from '../../../src-main/engine/fuse/read-ahead.ts'

const MiB = 2 ** 20

test('what is taken comes in order, and some of what follows is begun by then', async () => {
  const begun: number[] = []
  const read = async (n: number): Promise<number> => {
    begun.push(n)
    // Later ones are there first.
    for (let rest = 20 - n; rest > 0; rest--) await Promise.resolve()
    return n
  }
  const ahead = new ReadAhead([...Array(20).keys()], read, () => 1)
  for (let n = 0; n < 20; n++) {
    expect(await ahead.take()).toBe(n)
    expect(begun).toHaveLength(Math.min(20, n + 9))
  }
  await expect(ahead.take()).rejects.toThrow()
})

test('large things are read one by one', async () => {
  const begun: number[] = []
  const read = (n: number): Promise<number> => Promise.resolve(begun.push(n) && n)
  const ahead = new ReadAhead([0, 1, 2], read, () => 50 * MiB)
  await ahead.take()
  expect(begun).toEqual([0, 1])
})

test('a failure is told to whoever takes it, and the rest can be put away', async () => {
  const read = (n: number): Promise<number> => (n === 1 ? Promise.reject(new Error('unreadable')) : Promise.resolve(n))
  const ahead = new ReadAhead([0, 1, 2, 3], read, () => 1)
  expect(await ahead.take()).toBe(0)
  await expect(ahead.take()).rejects.toThrow('unreadable')
  const rest: number[] = []
  for await (const one of ahead.rest()) rest.push(one)
  expect(rest).toEqual([2, 3])
})
