import type { ApiContext } from './context.ts'
import type { HandlersOf } from './handlers.ts'
import { presentChange, presentEntry, presentVersion } from './present.ts'
import { pathToText } from '../../../src-preload/path-text.ts'
import { projectPath } from './project-path.ts'
import { restore } from './restore.ts'

const CONTEXT_LINES = 3

export function historyMethods(context: ApiContext): HandlersOf<'history'> {
  const { registry, history } = context.services
  const root = async (project: string): Promise<string> => (await registry.find(project)).root
  return {
    'history.locate': async ({ project, paths }) => {
      const known = await history.ask(await root(project), { method: 'known', paths: paths.map(projectPath) })
      return { known }
    },

    'history.entries': async ({ project, path, before, limit }, { signal }) => {
      const { versions, next } = await history.ask(
        await root(project),
        { method: 'entries', path: path === undefined ? null : projectPath(path), before: before ?? null, limit },
        { signal },
      )
      return { entries: versions.map(presentEntry), next }
    },

    'history.changes': async ({ project, before, limit }, { signal }) => {
      const query = { method: 'changes', before: before ?? null, limit } as const
      const { changes, next } = await history.ask(await root(project), query, { signal })
      return { changes: changes.map(presentChange), next }
    },

    'history.diff': async ({ project, path, from, to, context: lines }, { signal }) => {
      const { files, more } = await history.ask(
        await root(project),
        {
          method: 'diff',
          path: projectPath(path),
          from: from ?? null,
          to: to ?? null,
          context: lines ?? CONTEXT_LINES,
        },
        { signal },
      )
      return {
        files: files.map(({ path: file, from: older, to: newer, change }) => ({
          path: pathToText(file),
          from: older && presentVersion(older),
          to: newer && presentVersion(newer),
          change:
            change.kind === 'text' ? { kind: 'text', hunks: Buffer.from(change.hunks).toString('base64') } : change,
        })),
        more,
      }
    },

    'history.restore': async ({ project, path, version, exact }, call) =>
      restore(context, await registry.find(project), projectPath(path), version, exact ?? false, call),
  }
}
