import { assertNever } from '../assert-never.ts'
import { IzeError } from '../ize-error.ts'
import type { AfterFlush } from '../project/worker-messages.ts'
import { now } from '../sys/clock.ts'
import type { HistoryWriter } from './history-writer.ts'

/**
 * Makes what a flush asks for once everything up to `operation` is in history, and returns its address.
 * Errors: E_VERSION_UNKNOWN when there is nothing to tag, and those of writing.
 */
export async function makeAfterFlush(
  what: AfterFlush,
  history: HistoryWriter,
  operation: number,
  recorded: (seal: { sequence: number; operation: number; time: readonly [number, number] }) => void,
): Promise<string | null> {
  const { sec, nsec } = now()
  switch (what.kind) {
    case 'nothing':
      return null
    case 'seal': {
      const sequence = await history.seal(what.message, [sec, nsec], operation)
      recorded({ sequence, operation, time: [sec, nsec] })
      return history.newestSeal
    }
    case 'tag': {
      const seal = what.seal ?? history.newestSeal
      if (seal === null) throw new IzeError('E_VERSION_UNKNOWN', 'This project has no history yet.')
      return history.tag({ name: what.name, message: what.message, seal }, [sec, nsec])
    }
    default:
      return assertNever(what, 'wish after a flush')
  }
}
