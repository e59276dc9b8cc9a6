import type { ProjectRecord } from '../project/project-file.ts'
import type { HistoryReader } from './services.ts'

/** A reader nobody has asked for this long is closed. */
const IDLE_MS = 60_000

interface Entry {
  readonly reader: Promise<HistoryReader>
  uses: number
  idle: NodeJS.Timeout | null
}

/** One history reader per project, opened with the first question. */
export class HistoryReaders {
  private readonly entries = new Map<string, Entry>()

  constructor(private readonly open: (project: ProjectRecord) => Promise<HistoryReader>) {}

  async use<T>(project: ProjectRecord, work: (reader: HistoryReader) => Promise<T>): Promise<T> {
    let entry = this.entries.get(project.uuid)
    if (!entry) {
      entry = { reader: this.open(project), uses: 0, idle: null }
      this.entries.set(project.uuid, entry)
    }
    if (entry.idle) clearTimeout(entry.idle)
    entry.uses++
    try {
      return await work(await entry.reader)
    } catch (error) {
      // One that did not open must not be kept.
      await entry.reader.catch(() => this.entries.delete(project.uuid))
      throw error
    } finally {
      entry.uses--
      if (entry.uses === 0) {
        entry.idle = setTimeout(() => void this.close(project), IDLE_MS)
        entry.idle.unref()
      }
    }
  }

  async close(project: Pick<ProjectRecord, 'uuid'>): Promise<void> {
    const entry = this.entries.get(project.uuid)
    if (!entry) return
    this.entries.delete(project.uuid)
    if (entry.idle) clearTimeout(entry.idle)
    const reader = await entry.reader.catch(() => null)
    await reader?.close()
  }

  async closeAll(): Promise<void> {
    await Promise.allSettled([...this.entries.keys()].map((uuid) => this.close({ uuid })))
  }
}
