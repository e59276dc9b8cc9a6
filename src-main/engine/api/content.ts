import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { contentSourceOrFail } from '../history/version-content.ts'
import type { Version } from '../history/version-rows.ts'
import { projectLayout } from '../project/layout.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import { ObjectStore } from '../store/object-store.ts'

const PIECE = 256 * 1024
/** Up to here a content is held in memory; beyond, in a file without a name, so that memory stays flat. */
const IN_MEMORY = 1024 * 1024
/** Linux: __O_TMPFILE | O_DIRECTORY (fcntl(2)); Node has no constant for it. */
const O_TMPFILE = 0o20200000

/** The bytes of one version, read from its start to its end, or from anywhere. A symbolic link's are its target. */
export class Content {
  private position = 0

  private constructor(
    readonly size: number,
    private readonly source: Buffer | FileHandle,
  ) {}

  /** Errors: E_NOT_A_FILE for a directory or a special file, E_VERSION_ABSENT for a deletion, those of the store. */
  static async open(project: ProjectRecord, version: Version): Promise<Content> {
    const source = contentSourceOrFail(version.path, version.number, version.state)
    if (source.kind === 'bytes') return new Content(source.bytes.length, source.bytes)
    const layout = projectLayout(project.root)
    const store = ObjectStore.open(layout.objects)
    try {
      if (source.size <= IN_MEMORY) {
        const bytes = store.read(source.object, IN_MEMORY)
        return new Content(bytes.length, bytes)
      }
      const file = await open(layout.tmp, constants.O_RDWR | O_TMPFILE, 0o600)
      try {
        return new Content(await store.copyTo(source.object, file.fd), file)
      } catch (error) {
        await file.close()
        throw error
      }
    } finally {
      store.close()
    }
  }

  /** The piece that begins at `from`, by default where the one before ended; beyond the end it is empty. */
  async read(from = this.position): Promise<{ readonly bytes: Buffer; readonly end: boolean }> {
    const length = Math.max(0, Math.min(PIECE, this.size - from))
    this.position = from + length
    const end = this.position >= this.size
    if (Buffer.isBuffer(this.source)) return { bytes: this.source.subarray(from, from + length), end }
    const { buffer, bytesRead } = await this.source.read(Buffer.allocUnsafe(length), 0, length, from)
    if (bytesRead < length) throw new Error(`A content of ${this.size} bytes ended at ${from + bytesRead}.`)
    return { bytes: buffer, end }
  }

  async close(): Promise<void> {
    if (!Buffer.isBuffer(this.source)) await this.source.close()
  }
}
