import type { Command } from 'commander'
import { exitCodes } from '../../../src-preload/error-codes.ts'
import type { Result } from '../../../src-preload/contract.ts'
import type { Output } from '../output.ts'
import { run, verb } from '../verb.ts'

type Finding = Result<'doctor.run'>['findings'][number]

export function addDoctor(program: Command): void {
  verb(program, {
    usage: 'doctor [project]',
    summary: 'look whether everything is as it should be, on this machine and in the projects',
    example: 'ize doctor',
  })
    .option('--fix', 'also mend what can be mended without loss')
    .option('--rebuild-index', 'make the indexes of history and of texts anew from the changes')
    .action(
      run<[string | undefined], { fix?: boolean; rebuildIndex?: boolean }>(async ({ cli, options }, project) => {
        const engine = await cli.engine()
        const { findings } = await engine.request(
          'doctor.run',
          {
            fix: options.fix ?? false,
            rebuildIndex: options.rebuildIndex ?? false,
            ...(project === undefined ? {} : { project }),
          },
          { signal: cli.signal },
        )
        if (options.json) cli.out.json(findings)
        else for (const finding of findings) cli.out.lines(findingLines(cli.out, finding))
        return findings.some(({ level }) => level === 'error') ? exitCodes.damaged : exitCodes.success
      }),
    )
}

function findingLines(out: Output, { level, message, advice, project }: Finding): string[] {
  const mark = {
    ok: out.paint('green', 'ok'),
    note: 'note',
    warning: out.paint('yellow', 'warning'),
    error: out.paint('red', 'ERROR'),
  }[level]
  const about = project === null ? '' : `${out.name(project)}: `
  return [`${mark}  ${about}${out.name(message)}`, ...(advice === null ? [] : [`    ${out.name(advice)}`])]
}
