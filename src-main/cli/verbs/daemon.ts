import type { Command } from 'commander'
import { IzeError } from '../../../src-preload/ize-error.ts'
import { connectRunningEngine } from '../../client/connect.ts'
import { columns, count, localTime, size } from '../format.ts'
import { installUnit, unitText } from '../systemd-unit.ts'
import { run, verb } from '../verb.ts'

export function addDaemon(program: Command): void {
  const daemon = program
    .command('daemon')
    .summary('the engine behind the mounts')
    .description(
      'The engine behind the mounts: it starts by itself when it is needed, and stops when nothing is mounted and nobody asks.',
    )

  verb(daemon, { usage: 'status', summary: 'whether the engine runs', example: 'ize daemon status' }).action(
    run<[], object>(async ({ cli, options }) => {
      const engine = await connectRunningEngine()
      if (!engine) {
        if (options.json) return cli.out.json({ running: false, pid: null })
        return cli.out.line('The engine is not running; it starts by itself when it is needed.')
      }
      try {
        const info = await engine.request('engine.info', {})
        if (options.json) return cli.out.json({ running: true, ...info })
        const rows = [
          ['Process', String(info.pid)],
          ['Version', info.version],
          ['Since', localTime(info.started)],
          ['Mounted', count(info.mounted, 'project')],
          ['Memory', size(info.memory)],
          ['Projects in', cli.out.name(info.centralDirectory)],
          ['Socket', cli.out.name(info.socket)],
          ['Log', cli.out.name(info.log)],
        ]
        cli.out.lines(columns(rows))
      } finally {
        engine.close()
      }
    }),
  )

  verb(daemon, {
    usage: 'stop',
    summary: 'end the engine and all mounts; what was mounted comes back when it is next started',
    example: 'ize daemon stop',
  }).action(
    run<[], object>(async ({ cli, options }) => {
      const engine = await connectRunningEngine()
      if (engine) {
        await engine.request('engine.stop', {}).catch((error: unknown) => {
          // It may be gone before its answer is through.
          if (!(error instanceof IzeError && error.code === 'E_ENGINE_GONE')) throw error
        })
        await engine.whenClosed()
        engine.close()
      }
      if (options.json) return cli.out.json({ stopped: engine !== null })
      cli.out.line(engine ? 'The engine has stopped.' : 'The engine was not running.')
    }),
  )

  verb(daemon, {
    usage: 'unit',
    summary: 'print a systemd user unit for the engine, or install it',
    example: 'ize daemon unit --install',
    json: false,
  })
    .option('--install', 'write it to your systemd folder')
    .action(
      run<[], { install?: boolean }>(async ({ cli, options }) => {
        if (!options.install) return cli.out.write(unitText())
        const file = await installUnit()
        cli.out.line(`Wrote ${cli.out.name(file)}. Switch it on with: systemctl --user enable --now ize.service`)
      }),
    )
}
