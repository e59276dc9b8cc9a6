import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until something is so; the limit is only there to end a test that would wait for ever. */
export async function until(isSo: () => boolean | Promise<boolean>, limitMs = 120_000): Promise<void> {
  const end = performance.now() + limitMs
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`It did not become so within ${limitMs} ms: ${isSo.toString()}`)
    await sleep(10)
  }
}
