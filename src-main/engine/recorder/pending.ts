import { isMarker, type Operation } from '../oplog/operation.ts'
import type { PendingOperation } from '../project/worker-messages.ts'
import type { Recorder } from './recorder.ts'

/**
 * The first operations that history does not have, up to log position `to`: for each file that waits for whoever has it
 * open its newest one, then what is in the log, the oldest first. Reads no more of the log than it names, and only here,
 * on the recorder's thread: the mount thread hears nothing of it.
 */
export function pendingOperations(
  { writers, reader, programs, position }: Pick<Recorder, 'writers' | 'reader' | 'programs' | 'position'>,
  to: number,
  limit: number,
): PendingOperation[] {
  const found: PendingOperation[] = writers
    .snapshot()
    .slice(0, limit)
    .map(({ newest, path, since }) => {
      const sec = Math.floor(since / 1000)
      const time = [sec, (since - sec * 1000) * 1e6] as const
      return { id: newest, kind: 'open', path: path ?? '', bytes: 0, time, program: null }
    })
  /** Programs whose marker the recorder has not taken yet. */
  const fresh = new Map<number, string>()
  for (const { op } of reader.records(position, to)) {
    if (op.type === 'program') fresh.set(op.pid, op.name)
    if (isMarker(op)) continue
    if (found.length >= limit) break
    const program = fresh.get(op.pid) ?? programs.of(op.pid)?.name ?? null
    const { id, type: kind, sec, nsec } = op
    found.push({ id, kind, path: pathOf(op), bytes: op.type === 'write' ? op.length : 0, time: [sec, nsec], program })
  }
  return found
}

function pathOf(op: Operation): string {
  return op.type === 'rename' ? op.to : op.path
}
