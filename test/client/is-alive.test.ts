import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { isAlive } from '../../src-main/client/is-alive.ts'
import { until } from '../support/until.ts'

it('is so of a process that runs, and of nobody', () => {
  expect(isAlive(process.pid)).toBe(true)
  expect(isAlive(1)).toBe(true)
  expect(isAlive(2 ** 22 + 1)).toBe(false)
})

it('is not so of one that has ended, though nobody has asked how', async () => {
  // What starts the first one turns into the second, which asks about no child.
  const starter = spawn('/bin/sh', ['-c', 'sleep 0 & echo $!; exec sleep 600'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const [bytes] = (await once(starter.stdout, 'data')) as [Buffer]
    const pid = Number(bytes)
    await until(() => /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')))
    expect(isAlive(pid)).toBe(false)
    expect(isAlive(starter.pid ?? 0)).toBe(true)
  } finally {
    starter.kill('SIGKILL')
    await once(starter, 'exit')
  }
})
