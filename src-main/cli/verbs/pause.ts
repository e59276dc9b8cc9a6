import type { Command } from 'commander'
import { IzeError } from '../../../src-preload/ize-error.ts'
import { localTime } from '../format.ts'
import { run, verb } from '../verb.ts'

export function addPause(program: Command): void {
  verb(program, {
    usage: 'pause <project>',
    summary: 'let history wait for a while; what programs write is saved all the same',
    example: 'ize pause thesis --for 30m',
  })
    .option('--for <duration>', 'how long, as in 90s, 30m or 2h; at most a day', '1h')
    .action(
      run<[string], { for: string }>(async ({ cli, options }, project) => {
        const seconds = readDuration(options.for)
        const engine = await cli.engine()
        const status = await engine.request('projects.pause', { project, seconds })
        if (options.json) return cli.out.json(status)
        const until = status.pausedUntil === null ? '' : ` until ${localTime(status.pausedUntil)}`
        cli.out.line(`History of ${cli.out.name(status.name)} is paused${until}. Work is saved all the same.`)
        cli.out.line(`Go on: ize resume ${cli.out.name(status.name)}`)
      }),
    )
}

export function addResume(program: Command): void {
  verb(program, {
    usage: 'resume <project>',
    summary: 'let history go on after a pause',
    example: 'ize resume thesis',
  }).action(
    run<[string], object>(async ({ cli, options }, project) => {
      const engine = await cli.engine()
      const status = await engine.request('projects.resume', { project })
      if (options.json) return cli.out.json(status)
      cli.out.line(`History of ${cli.out.name(status.name)} goes on.`)
    }),
  )
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400 }
const LONGEST = 86_400

/** Seconds of `90s`, `30m`, `1.5h`. Errors: E_ARGUMENT. */
export function readDuration(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(s|m|min|h|d)$/.exec(text.trim()) ?? []
  const seconds = Math.round(Number(number) * (UNITS[unit ?? ''] ?? NaN))
  if (seconds >= 1 && seconds <= LONGEST) return seconds
  throw new IzeError('E_ARGUMENT', `"${text}" is not a duration up to a day; write one as 90s, 30m or 2h.`)
}
