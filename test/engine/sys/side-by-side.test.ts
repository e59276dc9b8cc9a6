import { expect, test } from 'vitest'
import { SideBySide } from '../../../src-main/engine/sys/side-by-side.ts'

/** Work that ends when it is told to. */
function held(): { readonly work: () => Promise<void>; readonly end: () => void; readonly fail: () => void } {
  let [end, fail] = [(): void => undefined, (): void => undefined]
  const promise = new Promise<void>((resolve, reject) => {
    end = resolve
    fail = () => reject(new Error('it failed'))
  })
  return { work: () => promise, end, fail }
}

test('so much is begun, and more when something has ended', async () => {
  const steps = new SideBySide(2)
  const [one, two] = [held(), held()]
  let third = false
  await steps.begin(one.work)
  await steps.begin(two.work)
  const waiting = steps.begin(() => Promise.resolve(void (third = true)))
  await new Promise((done) => setImmediate(done))
  expect(third).toBe(false)
  two.end()
  await waiting
  expect(third).toBe(true)
  one.end()
  await steps.settle()
})

test('after a failure nothing is begun, and what runs comes to its end', async () => {
  const steps = new SideBySide(3)
  const [one, two] = [held(), held()]
  let ended = false
  await steps.begin(() => one.work().then(() => void (ended = true)))
  await steps.begin(two.work)
  two.fail()
  await new Promise((done) => setImmediate(done))
  await expect(steps.begin(() => Promise.reject(new Error('it was begun')))).rejects.toThrow('it failed')
  const settled = steps.settle()
  one.end()
  await expect(settled).rejects.toThrow('it failed')
  expect(ended).toBe(true)
})
