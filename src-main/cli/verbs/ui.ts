import type { Command } from 'commander'
import { dirname, join } from 'node:path'
import { IzeError } from '../../../src-preload/ize-error.ts'
import { bundleDirectory } from '../../client/engine-process.ts'
import { userConfigFile } from '../../engine/config/locations.ts'
import { serveUi } from '../../ui/ui-server.ts'
import { webHandlers } from '../../ui/web-handlers.ts'
import { EngineLink } from '../../window/engine-link.ts'
import { Settings } from '../../window/settings.ts'
import { run, verb } from '../verb.ts'

export function addUi(program: Command): void {
  verb(program, {
    usage: 'ui',
    summary: "the app's window in a browser, also of another machine over ssh",
    example: 'ize ui\nssh -L 8817:127.0.0.1:8817 there ize ui --port 8817',
  })
    .option('--port <number>', 'port of 127.0.0.1 to listen at', '0')
    .action(
      run<[], { port: string }>(async ({ cli, options }) => {
        const port = Number(options.port)
        if (!Number.isInteger(port) || port < 0 || port > 65_535) {
          throw new IzeError('E_ARGUMENT', `"${options.port}" is no port: give a number up to 65535.`)
        }
        const engine = new EngineLink()
        const stop = new AbortController()
        cli.signal.addEventListener('abort', () => stop.abort())
        const settings = await Settings.open(join(dirname(userConfigFile()), 'ui.json'), (now) => {
          for (const session of server.sessions) session.tell('app.settingsChanged', now)
        })
        const handlers = webHandlers(engine, settings, () => stop.abort())
        const pages = join(bundleDirectory(), 'renderer')
        const server = await serveUi({ pages, engine, handlers, port })
        void engine.start().catch(() => undefined)
        if (options.json) cli.out.json({ link: server.link, port: server.port })
        else {
          cli.out.line(server.link)
          cli.out.note('Open this link in a browser; it lets one in, once. Ctrl+C ends it.')
        }
        if (!stop.signal.aborted) await new Promise((ended) => stop.signal.addEventListener('abort', ended))
        await server.close()
        engine.close()
      }),
    )
}
