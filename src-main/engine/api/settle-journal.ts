import type { Logger } from 'pino'
import { assertNever } from '../assert-never.ts'
import type { Undertaking } from '../project/journal.ts'
import type { ApiContext } from './context.ts'
import { settleTaking } from './init-in-place.ts'
import { settleStopping } from './stop-remembering.ts'

/** What an engine that ended in the middle had begun with folders is finished or undone, before anything is mounted. */
export async function settleJournal(context: ApiContext, log: Logger): Promise<void> {
  const { found, unreadable } = await context.services.journal.list()
  for (const file of unreadable) log.error({ file }, 'an entry of the journal cannot be read')
  for (const begun of found) {
    try {
      await settle(context, begun)
      log.info({ kind: begun.kind, project: begun.uuid, folder: begun.folder }, 'settled what was begun')
    } catch (error) {
      const project = (await context.services.registry.list()).projects.find(({ uuid }) => uuid === begun.uuid)
      const message = error instanceof Error ? error.message : String(error)
      if (project)
        context.sessions.setProblem(project, `What was begun with ${begun.folder} could not be settled: ${message}`)
      log.error({ err: error, project: begun.uuid }, 'could not settle what was begun')
    }
  }
}

async function settle(context: ApiContext, begun: Undertaking): Promise<void> {
  switch (begun.kind) {
    case 'in-place':
      return settleTaking(context, begun)
    case 'stop-remembering':
      return settleStopping(context, begun)
    default:
      return assertNever(begun, 'undertaking')
  }
}
