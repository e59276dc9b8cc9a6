import { Option, type Command } from 'commander'
import type { Params, Result } from '../../../src-preload/contract.ts'
import { columns } from '../format.ts'
import type { Output } from '../output.ts'
import { run, verb } from '../verb.ts'

type Setting = Result<'config.get'>
type Level = Params<'config.set'>['level']

interface Where {
  project?: string
  user?: boolean
  system?: boolean
  central?: boolean
}

export function addConfig(program: Command): void {
  const config = program
    .command('config')
    .summary('read and change settings')
    .description('Read and change settings: system, user, central directory, project; the narrower one wins.')
  const project = (): Option => new Option('--project <project>', 'the settings of this project')

  verb(config, {
    usage: 'get <key>',
    summary: 'print a setting in force',
    example: 'ize config get history.granularity --project thesis',
  })
    .option('--show-origin', 'also print where it comes from')
    .addOption(project())
    .action(
      run<[string], Where & { showOrigin?: boolean }>(async ({ cli, options }, key) => {
        const engine = await cli.engine()
        const setting = await engine.request('config.get', { key, ...scope(options) })
        if (options.json) return cli.out.json(setting)
        cli.out.line(options.showOrigin ? `${origin(cli.out, setting)}\t${text(setting)}` : text(setting))
      }),
    )

  verb(config, { usage: 'list', summary: 'print all settings in force', example: 'ize config list --show-origin' })
    .option('--show-origin', 'also print where each comes from')
    .addOption(project())
    .action(
      run<[], Where & { showOrigin?: boolean }>(async ({ cli, options }) => {
        const engine = await cli.engine()
        const { settings } = await engine.request('config.list', scope(options))
        if (options.json) return cli.out.json(settings)
        cli.out.lines(
          columns(
            settings.map((setting) => [
              ...(options.showOrigin ? [origin(cli.out, setting)] : []),
              setting.key,
              '=',
              cli.out.name(text(setting)),
            ]),
          ),
        )
      }),
    )

  for (const change of ['set', 'unset'] as const) {
    const command = verb(config, {
      usage: change === 'set' ? 'set <key> <value>' : 'unset <key>',
      summary: change === 'set' ? 'change a setting, by default for you' : 'take a setting away, by default your own',
      example:
        change === 'set' ? `ize config set ignore '["build/", "*.tmp"]' --project thesis` : 'ize config unset colours',
    })
      .addOption(new Option('--user', 'in your own settings (the default)').conflicts(['system', 'central', 'project']))
      .addOption(new Option('--central', 'in those of the central directory').conflicts(['system', 'project']))
      .addOption(new Option('--system', 'in those of the machine').conflicts('project'))
      .addOption(project())
    command.action(
      run<[string, string | undefined], Where>(async ({ cli, options }, key, value) => {
        const engine = await cli.engine()
        const target = { key, level: level(options), ...scope(options) }
        const setting =
          change === 'set'
            ? await engine.request('config.set', { ...target, value: value ?? '' })
            : await engine.request('config.unset', target)
        if (options.json) return cli.out.json(setting)
        // A narrower level may still say otherwise.
        cli.out.line(`${setting.key} = ${cli.out.name(text(setting))}  (${origin(cli.out, setting)})`)
      }),
    )
  }
}

function scope({ project }: Where): { project?: string } {
  return project === undefined ? {} : { project }
}

function level({ project, system, central }: Where): Level {
  return project !== undefined ? 'project' : system ? 'system' : central ? 'central' : 'user'
}

function text({ value }: Setting): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function origin(out: Output, setting: Setting): string {
  return setting.origin === null
    ? 'default'
    : `${setting.origin.level}: ${out.name(setting.origin.file)}:${setting.origin.line}`
}
