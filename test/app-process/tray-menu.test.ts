import { expect, test } from 'vitest'
import { stateOf, trayIcon, trayMenu, type TrayLine } from '../../src-main/app/tray/tray-menu.ts'
import { project, status, view } from './view.ts'

const labels = (lines: readonly TrayLine[]): string[] =>
  lines.flatMap((line) => {
    if (line.kind === 'separator') return []
    return line.kind === 'menu' ? [line.label, ...labels(line.lines)] : [line.label]
  })

test('a mounted project can be unmounted and opened, one that is not can be mounted', () => {
  const other = project({ name: 'photos', id: 'id-photos', mounted: false })
  const all = labels(trayMenu(view([project(), other], [status()])))
  expect(all).toEqual([
    'Open Ize',
    'thesis — all in history',
    'History',
    'Open folder',
    'What waits',
    'Unmount',
    'photos — not mounted',
    'History',
    'What waits',
    'Mount',
    'Pause history for an hour',
    'Preferences…',
    'Quit Ize',
  ])
})

test('what waits is told, and a pause that can be ended', () => {
  const waiting = status({ pending: { operations: 312, bytes: 9, age: 4000 } })
  expect(stateOf(project(), waiting)).toBe('catching up, 312 left')
  expect(trayIcon(view([project()], [waiting]))).toBe('recording')
  const paused = status({ pausedUntil: '2026-11-21T11:00:00.000000000Z' })
  expect(trayIcon(view([project()], [paused]))).toBe('paused')
  expect(labels(trayMenu(view([project()], [paused])))).toContain('Resume history')
})

test('trouble of any project shows in the icon, and why in the menu', () => {
  const troubled = view([project({ problem: 'The disk is full.' })])
  expect(trayIcon(troubled)).toBe('problem')
  expect(labels(trayMenu(troubled))).toContain('The disk is full.')
})

test('an engine that does not run is said', () => {
  const failed = { ...view([]), engine: { kind: 'failed', code: 'E', message: 'x', log: null } as const }
  expect(labels(trayMenu(failed))).toContain('The engine does not run')
  expect(trayIcon(failed)).toBe('problem')
})
