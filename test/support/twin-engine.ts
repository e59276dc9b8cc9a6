import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FOREVER, openIndexForReading, ROOT } from '../../src-main/engine/history/index-schema.ts'
import { walkTree } from '../../src-main/engine/history/tree-walk.ts'
import { openCentralDirectory } from '../../src-main/engine/project/central-directory.ts'
import { createProject } from '../../src-main/engine/project/create-project.ts'
import { projectLayout } from '../../src-main/engine/project/layout.ts'
import { openSession } from '../../src-main/engine/project/live-session.ts'
import { Registry } from '../../src-main/engine/project/registry.ts'
import type { MountTransport, ProjectSession, SessionStatus } from '../../src-main/engine/project/session.ts'
import { ObjectStore } from '../../src-main/engine/store/object-store.ts'
import * as native from '../../src-main/engine/sys/native.ts'
import { PIJUL_CHANNEL } from '../../src-main/engine/recorder/pijul-names.ts'
import { answerRequests } from './answer-requests.ts'

/** An engine for one project in a process of its own, so that it can be killed. */
export type EngineRequest =
  | { readonly call: 'create'; readonly directory: string; readonly config: string }
  | { readonly call: 'open'; readonly root: string }
  | { readonly call: 'mount'; readonly point: string; readonly transport?: MountTransport }
  | { readonly call: 'unmount' | 'flush' | 'close' | 'status' }
  | { readonly call: 'history' | 'pijul'; readonly root: string }

export interface HistoryFile {
  readonly path: string
  readonly type: string
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly mtime: readonly [number, number]
  readonly target: string | null
  readonly xattrs: Readonly<Record<string, string>>
  readonly object: string | null
  /** SHA-1 of the content. */
  readonly content: string
}

export interface PijulFile {
  readonly path: string
  /** latin1. */
  readonly content: string | null
}

export interface EngineAnswers {
  readonly create: string
  readonly open: null
  readonly mount: null
  readonly unmount: null
  readonly flush: null
  readonly close: null
  readonly status: SessionStatus
  readonly history: readonly HistoryFile[]
  readonly pijul: readonly PijulFile[]
}

export interface EngineAnswer {
  readonly value?: unknown
  readonly error?: string
  readonly problems: readonly string[]
}

let session: ProjectSession | null = null
/** What the session complained of. */
const problems: string[] = []

async function answer(request: EngineRequest): Promise<unknown> {
  switch (request.call) {
    case 'create': {
      const folder = join(request.directory, 'central')
      mkdirSync(folder)
      writeFileSync(join(folder, 'config.toml'), request.config)
      const central = await openCentralDirectory(folder)
      const { project } = await createProject(new Registry(central), { name: 'twin', from: null })
      return project.root
    }
    case 'open':
      session = await openSession({ root: request.root, name: 'twin' })
      session.on((event) => {
        if (event.type === 'problem') problems.push(event.message)
      })
      return null
    case 'history':
      return readHistory(request.root)
    case 'pijul':
      return readPijul(request.root)
    default:
      return onSession(request)
  }
}

async function onSession(request: Exclude<EngineRequest, { root: string } | { directory: string }>): Promise<unknown> {
  if (!session) throw new Error('The session is not open.')
  switch (request.call) {
    case 'mount':
      return session.mount(request.point, request.transport ?? 'kernel').then(() => null)
    case 'unmount':
      return session.unmount({ force: false, lazy: false }).then(() => null)
    case 'flush':
      return session.flush().then(() => null)
    case 'status':
      return session.status()
    case 'close':
      await session.close()
      session = null
      return null
  }
}

function readHistory(root: string): HistoryFile[] {
  const layout = projectLayout(root)
  const sqlite = openIndexForReading(layout.index)
  const objects = ObjectStore.open(layout.objects)
  try {
    return [...walkTree(sqlite, ROOT, FOREVER - 1)].map(({ path, state }) => ({
      path,
      type: state.type,
      mode: state.mode ?? -1,
      uid: state.uid ?? -1,
      gid: state.gid ?? -1,
      mtime: state.mtime ?? [0, 0],
      target: state.target ?? null,
      xattrs: state.xattrs ?? {},
      object: state.object ?? null,
      content: state.object === undefined ? '' : sha1(objects.read(state.object, 1 << 30)),
    }))
  } finally {
    objects.close()
    sqlite.close()
  }
}

async function readPijul(root: string): Promise<PijulFile[]> {
  const repository = await native.PijulRepository.open(root, PIJUL_CHANNEL)
  try {
    const found: PijulFile[] = []
    for (const path of await repository.tracked()) {
      const directory = path.endsWith('/')
      found.push({ path, content: directory ? null : (await repository.read(path)).toString('latin1') })
    }
    return found
  } finally {
    await repository.close()
  }
}

function sha1(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex')
}

answerRequests<EngineRequest, EngineAnswer>((request) =>
  answer(request).then(
    (value) => ({ value, problems: problems.splice(0) }),
    (error: unknown) => ({ error: String(error), problems: problems.splice(0) }),
  ),
)
process.on('disconnect', () => {
  void Promise.resolve(session?.close()).finally(() => process.exit())
})
