import { pino } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { TextSearch } from '../../../src-main/engine/api/text-search.ts'
import type { ProjectRecord } from '../../../src-main/engine/project/project-file.ts'

type Services = ConstructorParameters<typeof TextSearch>[0]

const project = { uuid: 'one', name: 'thesis', root: '/nowhere' } as ProjectRecord
let recording: boolean
let runs: number
let texts: TextSearch

beforeEach(() => {
  vi.useFakeTimers()
  recording = true
  runs = 0
  // When it begins is all that is looked at; what it does then is tested where there is a history.
  const services = {
    config: { get: (_: unknown, key: string) => Promise.resolve({ value: key === 'history.search' ? true : 1e9 }) },
    history: {
      indexText: () => Promise.resolve({ damaged: false, stopped: runs++ < 0 }),
      ask: () => Promise.resolve({ behind: 0 }),
    },
  } as unknown as Services
  texts = new TextSearch(services, pino({ level: 'silent' }), {
    isRecording: () => Promise.resolve(recording),
    changed: () => undefined,
    damaged: () => undefined,
  })
})
afterEach(() => vi.useRealTimers())

it('makes texts searchable when the recorder has nothing before it', async () => {
  texts.recorded(project)
  texts.recorded(project)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(runs).toBe(0)
  recording = false
  await vi.advanceTimersByTimeAsync(1500)
  expect(runs).toBe(1)
})

it('does not wait for ever for a recorder that is never done', async () => {
  texts.recorded(project)
  await vi.advanceTimersByTimeAsync(65_000)
  expect(runs).toBe(1)
})

it('begins nothing more once the engine ends', async () => {
  texts.recorded(project)
  await vi.advanceTimersByTimeAsync(5000)
  texts.stop()
  recording = false
  await vi.advanceTimersByTimeAsync(10_000)
  expect(runs).toBe(0)
})
