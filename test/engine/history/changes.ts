import type { ChangeEntry, ChangeMetadata } from '../../../src-main/engine/history/change-metadata.ts'
import type { RecordedChange } from '../../../src-main/engine/history/history-index.ts'

/** Builds the changes of a project one after the other, as the recorder would. */
export class Changes {
  readonly list: RecordedChange[] = []
  private operation = 0

  add(kind: ChangeMetadata['kind'], ...entries: Omit<ChangeEntry, 'operations'>[]): RecordedChange {
    const first = this.operation + 1
    const metadata: ChangeMetadata = {
      version: 1,
      kind,
      first,
      last: first + entries.length - 1,
      time: [1_700_000_000 + this.list.length, 123],
      programs: [{ name: 'vim', pid: 42, start: 1000, command: ['vim', 'notes.txt'] }],
      entries: entries.map((entry) => {
        this.operation++
        return { program: 0, ...entry, operations: [this.operation, this.operation] }
      }),
    }
    const at = this.list.length
    const change = { hash: hashOf(at), state: `STATE${at}`, n: at + 1, metadata }
    this.list.push(change)
    return change
  }
}

/** 53 letters as Pijul writes hashes; the beginning tells the changes apart. */
export function hashOf(n: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  let text = ''
  for (let value = n; text.length < 4; value = Math.floor(value / 32)) text = `${letters[value % 32] ?? ''}${text}`
  return `H${text}`.padEnd(53, 'X')
}

export function file(
  path: string,
  content: string,
  more: Partial<ChangeEntry> = {},
): Omit<ChangeEntry, 'kind' | 'operations'> {
  const object = Buffer.from(content).toString('hex').padEnd(64, '0').slice(0, 64)
  const own = { mode: 0o644, uid: 0, gid: 0, mtime: [1_600_000_000, 5] as [number, number] }
  return { type: 'file', path, ino: 7, ...own, size: content.length, object, text: true, ...more }
}

export function directory(path: string, more: Partial<ChangeEntry> = {}): Omit<ChangeEntry, 'kind' | 'operations'> {
  return { type: 'directory', path, ino: 8, mode: 0o755, uid: 0, gid: 0, mtime: [1_600_000_000, 6], ...more }
}

export const created = <T extends object>(entry: T): T & { kind: 'create' } => ({ ...entry, kind: 'create' })
export const edited = <T extends object>(entry: T): T & { kind: 'edit' } => ({ ...entry, kind: 'edit' })
export const deleted = (path: string, type: ChangeEntry['type'] = 'file') =>
  ({ kind: 'delete', type, path, ino: 7 }) as const
export const renamed = <T extends object>(from: string, entry: T): T & { kind: 'rename'; from: string } => ({
  ...entry,
  kind: 'rename',
  from,
})
