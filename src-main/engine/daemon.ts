import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { buildVersion } from '../../src-preload/build-version.ts'
import { centralDirectoryPath } from './config/locations.ts'
import { Engine } from './engine.ts'
import { IzeError } from './ize-error.ts'
import { ENGINE_TITLE } from './history/own-programs.ts'

/**
 * The engine's process, out/engine.cjs: one for each user and central directory. Whoever needs it first starts it, with
 * its standard error going to `engine.log` in the central directory; a last line there that begins with `ize-engine:`
 * says why it could not start.
 */
const EX_TEMPFAIL = 75
/** SIGTERM ends the engine within two seconds, whatever hangs. */
const LAST_MOMENT_MS = 1_800

async function main(): Promise<void> {
  // The program that history names for a restore into a project that is not mounted.
  process.title = ENGINE_TITLE
  // Not in anybody's way: neither a mount nor a removable disk is held busy.
  process.chdir('/')
  const log = pino(
    { level: process.env['IZE_LOG_LEVEL'] ?? 'info', base: { pid: process.pid } },
    pino.destination({ dest: 2, sync: true }),
  )
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a fault that nobody waited for'))

  let ending = false
  let engine: Engine | null = null
  const end = (why: string): void => {
    if (ending) return
    ending = true
    log.info({ why }, 'the engine ends')
    setTimeout(() => {
      log.error('something did not end in time')
      process.exit(0)
    }, LAST_MOMENT_MS).unref()
    // A reply that is on its way (to engine.stop) goes out first.
    setImmediate(() => {
      const closed = engine?.close() ?? Promise.resolve()
      closed.catch((error: unknown) => log.error({ err: error }, 'could not close')).finally(() => process.exit(0))
    })
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => end(signal))

  engine = await Engine.start({
    centralDirectory: await centralDirectoryPath(),
    version: buildVersion(dirname(fileURLToPath(import.meta.url))),
    log,
    // Under a service manager it stays, so that what was mounted is mounted from login on.
    stay: process.env['IZE_STAY'] === '1',
    onStop: end,
  })
}

main().catch((error: unknown) => {
  const known = error instanceof IzeError
  process.stderr.write(
    `ize-engine: ${JSON.stringify(known ? error : { code: 'E_INTERNAL', message: String(error), data: {} })}\n`,
  )
  if (!known && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`)
  process.exit(known && error.code === 'E_ENGINE_RUNNING' ? EX_TEMPFAIL : 1)
})
