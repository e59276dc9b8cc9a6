import type { Command } from 'commander'
import { IzeError } from '../../../src-preload/ize-error.ts'
import type { Cli } from '../cli.ts'
import { size } from '../format.ts'
import { safeText } from '../terminal.ts'
import { run, verb } from '../verb.ts'

export function addShow(program: Command): void {
  verb(program, {
    usage: 'show <project> <path>',
    summary: 'print the contents of a version of a file: path@V, or the newest',
    example: 'ize show thesis notes.txt@3 > old-notes.txt',
    json: true,
  })
    .option('--at <version>', 'the version: its number, a time, or the hash of a change or the beginning of one')
    .action(
      run<[string, string], { at?: string }>(async ({ cli, options }, name, argument) => {
        const project = await cli.project(name)
        const target = await cli.target(project, argument)
        const named = options.at ?? target.version
        const version = named === undefined ? undefined : await cli.version(project, named)
        if (version === undefined) await cli.record(project)
        const engine = await cli.engine()
        const opened = await cli.recorded(project, () =>
          engine.request('content.open', {
            project: project.id,
            path: target.path,
            ...(version === undefined ? {} : { version }),
          }),
        )
        const { content, ...facts } = opened
        if (options.json) {
          const pieces: Buffer[] = []
          for await (const bytes of read(cli, content)) pieces.push(bytes)
          const whole = Buffer.concat(pieces)
          return cli.out.json({
            ...facts,
            content: facts.text ? whole.toString() : null,
            base64: facts.text ? null : whole.toString('base64'),
          })
        }
        if (cli.out.isTerminal && !facts.text) {
          throw new IzeError(
            'E_BINARY_TO_TERMINAL',
            `${argument} is binary, ${size(facts.size)}; write it into a file: ize show ${name} ${argument} > <file>`,
          )
        }
        const decoder = new TextDecoder()
        for await (const bytes of read(cli, content)) {
          await cli.out.write(cli.out.isTerminal ? safeText(decoder.decode(bytes, { stream: true })) : bytes)
        }
      }),
    )
}

async function* read(cli: Cli, content: number): AsyncGenerator<Buffer> {
  const engine = await cli.engine()
  for (;;) {
    const { bytes, end } = await engine.request('content.read', { content }, { signal: cli.signal })
    yield Buffer.from(bytes, 'base64')
    if (end) break
  }
  await engine.request('content.close', { content })
}
