import type { ApiContext } from './context.ts'
import type { HandlersOf } from './handlers.ts'
import { presentChange, presentEntry, presentVersion } from './present.ts'
import { pathToText } from '../../../src-preload/path-text.ts'
import { projectPath } from './project-path.ts'
import { restore } from './restore.ts'

const CONTEXT_LINES = 3

export function historyMethods(context: ApiContext): HandlersOf<'history'> {
  const { services, readers } = context
  const { registry } = services
  return {
    'history.locate': async ({ project, paths }) => {
      const wanted = paths.map(projectPath)
      const known = await readers.use(await registry.find(project), (reader) => reader.known(wanted))
      return { known: [...known] }
    },

    'history.entries': async ({ project, path, before, limit }) => {
      const query = { path: path === undefined ? null : projectPath(path), before: before ?? null, limit }
      const { versions, next } = await readers.use(await registry.find(project), (reader) => reader.entries(query))
      return { entries: versions.map(presentEntry), next }
    },

    'history.changes': async ({ project, before, limit }) => {
      const query = { before: before ?? null, limit }
      const { changes, next } = await readers.use(await registry.find(project), (reader) => reader.changes(query))
      return { changes: changes.map(presentChange), next }
    },

    'history.diff': async ({ project, path, from, to, context: lines }) => {
      const query = { path: projectPath(path), from: from ?? null, to: to ?? null, context: lines ?? CONTEXT_LINES }
      const { files, more } = await readers.use(await registry.find(project), (reader) => reader.diff(query))
      return {
        files: files.map(({ path: file, from: older, to: newer, change }) => ({
          path: pathToText(file),
          from: older && presentVersion(older),
          to: newer && presentVersion(newer),
          change: change.kind === 'text' ? { kind: 'text', hunks: Buffer.from(change.hunks).toString('base64') } : change,
        })),
        more,
      }
    },

    'history.restore': async ({ project, path, version, exact }, call) =>
      restore(context, await registry.find(project), projectPath(path), version, exact ?? false, call),
  }
}
