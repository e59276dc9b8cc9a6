import type { Command } from 'commander'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { IzeError } from '../../../src-preload/ize-error.ts'
import { appCommand } from '../../client/app-command.ts'
import { run, verb } from '../verb.ts'

export function addOpen(program: Command): void {
  verb(program, {
    usage: 'open [path]',
    summary: "the app's window, on the history of a file or folder, also of one that is gone",
    example: 'ize open ~/work/thesis/notes.txt',
  }).action(
    run<[string | undefined], object>(async ({ cli, options }, path) => {
      const command = appCommand()
      if (!command) {
        throw new IzeError('E_APP_MISSING', 'The app was never started here. Start it once, or use: ize ui')
      }
      if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
        throw new IzeError('E_APP_MISSING', 'There is no screen here to open the app on. Use: ize ui')
      }
      const [executable = '', ...words] = command
      const history = path === undefined ? [] : ['--history', resolve(path)]
      const app = spawn(executable, [...words, ...history], { detached: true, stdio: 'ignore' })
      await Promise.race([
        once(app, 'spawn'),
        once(app, 'error').then(([error]: Error[]) => {
          throw new IzeError(
            'E_APP_MISSING',
            `The app cannot be started: ${error?.message ?? ''}. Start it once by hand.`,
          )
        }),
      ])
      app.unref()
      if (options.json) cli.out.json({ command: [executable, ...words, ...history] })
    }),
  )
}
