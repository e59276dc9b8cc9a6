import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChangeEntry, ChangeMetadata } from '../../../src-main/engine/history/change-metadata.ts'
import { HistoryIndex } from '../../../src-main/engine/history/history-index.ts'
import { openIndexForReading } from '../../../src-main/engine/history/index-schema.ts'
import type { OpenHistory } from '../../../src-main/engine/history/open-history.ts'
import { PrunedVersions } from '../../../src-main/engine/history/pruned-versions.ts'
import type { Sqlite } from '../../../src-main/engine/history/sqlite.ts'
import { projectLayout } from '../../../src-main/engine/project/layout.ts'
import { ObjectStore } from '../../../src-main/engine/store/object-store.ts'
import { Pruned } from '../../../src-main/engine/store/retention/pruned.ts'
import { Changes, file } from './changes.ts'

/** A project's directory with a real object store and index, filled change by change. */
export class ProjectFixture {
  readonly folder = mkdtempSync(join(tmpdir(), 'ize-history-'))
  readonly root = join(this.folder, 'project')
  readonly index: HistoryIndex
  readonly store: ObjectStore
  readonly sqlite: Sqlite
  readonly changes = new Changes()

  constructor() {
    const layout = projectLayout(this.root)
    mkdirSync(layout.objects, { recursive: true })
    this.index = HistoryIndex.open(layout.index)
    this.store = ObjectStore.open(layout.objects, { write: true })
    this.sqlite = openIndexForReading(layout.index)
  }

  append(...entries: Omit<ChangeEntry, 'operations'>[]): void {
    this.appendAs('several', ...entries)
  }

  appendAs(kind: ChangeMetadata['kind'], ...entries: Omit<ChangeEntry, 'operations'>[]): void {
    this.index.append([this.changes.add(kind, ...entries)])
  }

  /** A file whose content is in the store. */
  file(path: string, content: string | Buffer, more: Partial<ChangeEntry> = {}): ReturnType<typeof file> {
    const bytes = Buffer.from(content)
    const { hash, size, text } = this.store.put(bytes)
    this.store.publish()
    return file(path, '', { object: hash, size, text, ...more })
  }

  /** As a reading thread has it open. */
  get history(): OpenHistory {
    const { sqlite, store, root } = this
    const versions = new PrunedVersions(sqlite, store, Pruned.read(root))
    return { sqlite, store, search: projectLayout(root).search, versions }
  }

  close(): void {
    this.sqlite.close()
    this.store.close()
    this.index.close()
    // Node's own removal knows neither names that are no text nor very long paths.
    execFileSync('rm', ['-rf', this.folder])
  }
}
