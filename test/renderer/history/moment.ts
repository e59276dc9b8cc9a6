import type { Moment } from '../../../src-renderer/state/projects.ts'

let changes = 0

/** A moment as the engine tells it, with what a test says of it. */
export function moment(about: Partial<Moment> = {}): Moment {
  const first = about.first ?? ++changes
  const time = about.time ?? '2026-11-21T14:02:00.000000000Z'
  return {
    first,
    last: first,
    from: time,
    time,
    kind: 'edit',
    before: first > 1 ? `hash${first - 1}` : null,
    after: `hash${about.last ?? first}`,
    programs: ['vim'],
    command: null,
    count: 1,
    removed: 0,
    folders: 0,
    removedFolders: 0,
    paths: [{ path: 'notes.txt', action: 'edit', from: null }],
    note: null,
    names: [],
    ...about,
  }
}
