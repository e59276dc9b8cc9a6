import { expect, test } from 'vitest'
import { homePath } from '../../../src-renderer/shell/home-path.ts'
import { projectState, waitingText } from '../../../src-renderer/shell/project-state.ts'
import type { LiveStatus, Project } from '../../../src-renderer/state/projects.ts'

const now = Date.parse('2026-11-21T14:00:00Z')

function project(part: Partial<Project> = {}): Project {
  const created = '2026-11-21T10:00:00.000000000Z'
  return { name: 'thesis', id: 'id', created, mountPoint: '/home/kim/thesis', mounted: true, problem: null, ...part }
}

function status(part: Partial<LiveStatus> = {}): LiveStatus {
  return {
    ...project(),
    recorder: 'idle',
    pending: { operations: 0, bytes: 0, age: 0 },
    inHistoryUpTo: null,
    log: { bytes: 0, limitBytes: 1, operations: 0, limitOperations: 1, parked: 0 },
    upkeep: null,
    pruneDue: null,
    search: { on: true, behind: 0 },
    unversioned: [],
    revision: 1,
    savedUpTo: null,
    pausedUntil: null,
    rate: { saved: 0, recorded: 0 },
    ...part,
  }
}

test('a mounted project at rest is well, and where it is mounted says enough', () => {
  expect(projectState(project(), status(), now)).toEqual({ kind: 'well', text: null })
})

test('the ordinary course of a save is not called catching up', () => {
  const busy = status({ recorder: 'recording', pending: { operations: 2, bytes: 9, age: 400 } })
  expect(projectState(project(), busy, now).kind).toBe('well')
})

test('much that waits is counted', () => {
  const busy = status({ recorder: 'recording', pending: { operations: 1312, bytes: 9, age: 400 } })
  expect(projectState(project(), busy, now)).toEqual({ kind: 'busy', text: 'catching up, 1,312 left' })
})

test('a pause that is over is none', () => {
  const paused = status({ pausedUntil: '2026-11-21T13:59:00.000000000Z' })
  expect(projectState(project(), paused, now).kind).toBe('well')
  const still = status({ pausedUntil: '2026-11-21T14:30:00.000000000Z' })
  expect(projectState(project(), still, now).kind).toBe('paused')
})

test('a problem comes before everything else', () => {
  const state = projectState(project({ mounted: false, problem: 'The log cannot be written.' }), null, now)
  expect(state).toEqual({ kind: 'problem', text: 'The log cannot be written.' })
})

test('what is not mounted says so, also while nothing else is known of it', () => {
  expect(projectState(project({ mounted: false }), null, now)).toEqual({ kind: 'unmounted', text: 'not mounted' })
})

test('what waits is told with how long it takes, where that can be said', () => {
  expect(waitingText(status(), false)).toBe('Nothing waits')
  const one = { operations: 1, bytes: 0, age: 0 }
  expect(waitingText(status({ pending: one }), false)).toBe('1 change follows')
  const many = { operations: 300, bytes: 0, age: 0 }
  expect(waitingText(status({ pending: many, rate: { saved: 0, recorded: 100 } }), false)).toBe(
    '300 changes follow, 3 s',
  )
  expect(waitingText(status({ pending: many, rate: { saved: 0, recorded: 100 } }), true)).toBe('300 changes follow')
})

test('a path below the home folder is written short', () => {
  expect(homePath('/home/kim/work', '/home/kim')).toBe('~/work')
  expect(homePath('/home/kimberly', '/home/kim')).toBe('/home/kimberly')
  expect(homePath('/srv', null)).toBe('/srv')
})
