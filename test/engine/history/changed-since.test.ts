import fc from 'fast-check'
import { expect, it } from 'vitest'
import { allBelow, changedSince } from '../../../src-main/engine/history/changed-since.ts'
import { ROOT } from '../../../src-main/engine/history/index-schema.ts'
import { locateAt } from '../../../src-main/engine/history/locate.ts'
import { pointOf } from '../../../src-main/engine/history/resolve-version.ts'
import { NOW } from '../../../src-main/engine/history/restore-steps.ts'
import { sameState } from '../../../src-main/engine/history/same-state.ts'
import type { VersionState } from '../../../src-main/engine/history/version-state.ts'
import { created, deleted, directory, edited, file, renamed } from './changes.ts'
import { ProjectFixture } from './project-fixture.ts'

/** What to do with which of the paths that there are. */
const act = fc.record({
  what: fc.constantFrom('file', 'folder', 'edit', 'delete', 'rename', 'touch'),
  which: fc.nat(50),
  into: fc.nat(50),
})
type Act = typeof act extends fc.Arbitrary<infer A> ? A : never

/** A tree of paths that acts change as programs would; each becomes a change. */
class Tree {
  private readonly paths = new Map<string, 'file' | 'folder'>()
  private serial = 0

  constructor(private readonly project: ProjectFixture) {}

  do({ what, which, into }: Act): void {
    const there = [...this.paths.keys()].sort()
    const path = there[which % Math.max(1, there.length)]
    const folders = ['', ...there.filter((one) => this.paths.get(one) === 'folder')]
    const above = folders[into % folders.length] ?? ''
    const fresh = `${above === '' ? '' : `${above}/`}n${this.serial++}`
    if (what === 'file' || what === 'folder') return this.make(fresh, what)
    if (path === undefined) return
    const isFile = this.paths.get(path) === 'file'
    switch (what) {
      case 'edit':
        return isFile ? this.project.append(edited(file(path, `${this.serial++}`))) : undefined
      case 'touch':
        return this.project.append({ ...this.entry(path), kind: 'attributes', mode: 0o600 + (this.serial++ % 8) })
      case 'delete':
        for (const one of there) if (one === path || one.startsWith(`${path}/`)) this.paths.delete(one)
        return this.project.append(deleted(path, isFile ? 'file' : 'directory'))
      case 'rename':
        if (above === path || above.startsWith(`${path}/`)) return
        return this.rename(path, fresh)
    }
  }

  private make(path: string, what: 'file' | 'folder'): void {
    this.paths.set(path, what)
    this.project.append(created(this.entry(path)))
  }

  private rename(from: string, to: string): void {
    this.project.append(renamed(from, { ...this.entry(from), path: to }))
    for (const [path, what] of [...this.paths]) {
      if (path !== from && !path.startsWith(`${from}/`)) continue
      this.paths.delete(path)
      this.paths.set(to + path.slice(from.length), what)
    }
  }

  private entry(path: string): ReturnType<typeof file> {
    return this.paths.get(path) === 'folder' ? directory(path) : file(path, 'x')
  }
}

function differences(
  then: ReadonlyMap<string, VersionState>,
  now: ReadonlyMap<string, VersionState>,
): (readonly [string, VersionState | undefined, VersionState | undefined])[] {
  return [...new Set([...then.keys(), ...now.keys()])]
    .map((path) => [path, then.get(path), now.get(path)] as const)
    .filter(([, was, is]) => (was && is ? !sameState(was, is) : true))
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

it('two walks of the whole tree differ in nothing else, whatever was done in between', () => {
  fc.assert(
    fc.property(fc.array(act, { minLength: 2, maxLength: 40 }), (acts) => {
      const project = new ProjectFixture()
      try {
        const tree = new Tree(project)
        for (const one of acts) tree.do(one)
        const { sqlite } = project
        for (let change = 1; change <= project.changes.list.length; change += 3) {
          const point = pointOf(sqlite, change)
          const folders = [...allBelow(sqlite, ROOT, point)].filter(([, { type }]) => type === 'directory')
          for (const path of ['', ...folders.map(([path]) => path)]) {
            const folder = locateAt(sqlite, path, point) ?? ROOT
            const { then, now } = changedSince(sqlite, folder, point, NOW)
            const whole = [allBelow(sqlite, folder, point), allBelow(sqlite, folder, NOW)] as const
            expect(differences(then, now)).toEqual(differences(...whole))
            // In the order of a walk, and nothing that was not there.
            const order = [...whole[0].keys()].filter((one) => then.has(one))
            expect([...then.keys()]).toEqual(order)
          }
        }
      } finally {
        project.close()
      }
    }),
    { numRuns: 40 },
  )
})
