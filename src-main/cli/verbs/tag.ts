import type { Command } from 'commander'
import { IzeError } from '../../../src-preload/ize-error.ts'
import type { Result } from '../../../src-preload/contract.ts'
import type { Cli, ProjectSummary } from '../cli.ts'
import { columns, localTime } from '../format.ts'
import type { Output } from '../output.ts'
import { run, verb } from '../verb.ts'

type Tag = Result<'tags.list'>['tags'][number]

interface TagOptions {
  readonly message?: string
  readonly force?: boolean
  readonly delete?: boolean
}

export function addTag(program: Command): void {
  verb(program, {
    usage: 'tag <project> [name] [version]',
    summary: 'name a version of the project, the newest if none is given; without a name, list the tags',
    example: 'ize tag thesis submitted -m "As sent to the referees"\nize show thesis notes.txt@submitted',
  })
    .option('-m, --message <text>', 'annotate it: with this message, your name and the time')
    .option('--force', 'move a tag that there is already')
    .option('--delete', 'take the tag away; what it names stays')
    .action(
      run<[string, string | undefined, string | undefined], TagOptions & { json?: boolean }>(
        async ({ cli, options }, projectName, name, version) => {
          const project = await cli.project(projectName)
          if (name === undefined) return list(cli, project, options)
          const engine = await cli.engine()
          if (options.delete) {
            if (version !== undefined || options.message !== undefined || options.force) {
              throw new IzeError('E_USAGE', 'With --delete goes nothing but the name of the tag.')
            }
            await engine.request('tags.delete', { project: project.id, name })
            return options.json ? cli.out.json({}) : undefined
          }
          const { message, force = false } = options
          const tag = await cli.recorded(project, () =>
            engine.request(
              'tags.make',
              {
                ...{ project: project.id, name, force },
                ...(version === undefined ? {} : { version }),
                ...(message === undefined ? {} : { message }),
              },
              { signal: cli.signal },
            ),
          )
          if (options.json) return cli.out.json(tag)
          cli.out.line(`${cli.out.name(tag.name)} is now ${tag.seal.name}, change ${tag.change}.`)
        },
      ),
    )
}

async function list(cli: Cli, project: ProjectSummary, options: TagOptions & { json?: boolean }): Promise<void> {
  if (options.message !== undefined || options.force || options.delete) {
    throw new IzeError('E_USAGE', 'Say which tag is meant, as in: ize tag <project> <name>.')
  }
  const engine = await cli.engine()
  const { tags } = await engine.request('tags.list', { project: project.id })
  if (options.json) cli.out.json(tags)
  else cli.out.lines(columns(tags.map((tag) => tagRow(cli.out, tag))))
}

function tagRow(out: Output, { name, seal, change, time, message }: Tag): string[] {
  return [
    out.paint('bold', out.name(name)),
    seal.name,
    `change ${change}`,
    time === null ? '' : out.paint('dim', localTime(time)),
    message === null ? '' : out.name(message),
  ]
}
