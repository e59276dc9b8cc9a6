import { useCallback, useEffect, useRef, useState } from 'react'
import { call, sentenceOf } from '../../bridge/call.ts'
import { type Folder, goneFrom } from './tree.ts'

export interface Tree {
  readonly folders: ReadonlyMap<string, Folder>
  readonly load: (path: string) => void
  readonly loadMore: (path: string) => void
}

const PAGE = 1000
/** Deletions that are read for what is gone from a folder. */
const GONE = 1000

/**
 * Folders as they were at a version, each read when it is opened. `until`: with what had gone from them by then; null:
 * without it.
 */
export function useTree(project: string, version: string | null, until: string | null): Tree {
  const [folders, setFolders] = useState<ReadonlyMap<string, Folder>>(new Map())
  const latest = useRef({ folders, epoch: 0 })
  useEffect(() => {
    latest.current.folders = folders
  }, [folders])
  const at = version === null ? {} : { version }
  const question = JSON.stringify([project, version, until])

  const read = async (path: string, after: string | null): Promise<Folder> => {
    const known = after === null ? null : latest.current.folders.get(path)
    const page = after === null ? {} : { after }
    // What had been deleted is not in the tree at all: such a folder has only what is gone.
    const found = await call('history.tree', { project, path, ...at, deep: false, limit: PAGE, ...page }).catch(
      (error: unknown) => {
        if (until === null || path === '') throw error
        return { entries: [], next: null }
      },
    )
    const entries = [...(known?.entries ?? []), ...found.entries.filter((entry) => entry.path !== path)]
    const there = new Set(entries.map((entry) => entry.path))
    return { state: 'ready', entries, next: found.next, gone: until === null ? null : await gone(path, there) }
  }
  const gone = async (path: string, there: ReadonlySet<string>): Promise<Folder['gone']> => {
    const filter = { deleted: 'all', ...(until === '' || until === null ? {} : { until }) } as const
    const found = await call('history.entries', { project, path, filter, limit: GONE })
    return goneFrom(path, found.entries, there)
  }
  const readNow = useRef(read)
  useEffect(() => {
    readNow.current = read
  })
  const put = useCallback((path: string, after: string | null) => {
    const { epoch } = latest.current
    const set = (folder: Folder): void => {
      if (epoch === latest.current.epoch) setFolders((now) => new Map(now).set(path, folder))
    }
    const before = latest.current.folders.get(path)
    set({ ...(before ?? { entries: [], next: null, gone: null }), state: 'loading' })
    readNow
      .current(path, after)
      .then(set, (error: unknown) =>
        set({ entries: [], next: null, gone: null, state: 'failed', message: sentenceOf(error) }),
      )
  }, [])
  // Another time, another tree: the folders that were open are read again for it.
  useEffect(() => {
    latest.current.epoch++
    const open = [...latest.current.folders.keys()]
    setFolders(new Map())
    latest.current.folders = new Map()
    for (const path of open.length === 0 ? [''] : open) put(path, null)
  }, [question, put])
  const load = useCallback((path: string) => put(path, null), [put])
  const loadMore = useCallback((path: string) => put(path, latest.current.folders.get(path)?.next ?? null), [put])
  return { folders, load, loadMore }
}
