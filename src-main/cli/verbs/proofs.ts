import { InvalidArgumentError, type Command } from 'commander'
import { exitCodeOf, exitCodes } from '../../../src-preload/error-codes.ts'
import { IzeError } from '../../../src-preload/ize-error.ts'
import type * as Offline from '../../engine/store/seals/offline.ts'
import type { Cli } from '../cli.ts'
import type { Output } from '../output.ts'
import { count } from '../format.ts'
import { run, verb } from '../verb.ts'

/** Only these verbs need the native addon in this process. */
const offline = (): Promise<typeof Offline> => import('../../engine/store/seals/offline.ts')

export function addRoot(program: Command): void {
  verb(program, {
    usage: 'root <project>',
    summary: 'print the root over all seals, signed with your key; keep it where nobody else writes',
    example: 'ize root thesis --append ~/thesis-roots\nize root thesis --append git:/srv/roots.git#refs/ize/roots',
  })
    .option('--append [place]', 'add it to a file or a git ref, a line each; without one, to that of root.append-to')
    .action(
      run<[string], { append?: string | true }>(async ({ cli, options }, name) => {
        const project = await cli.project(name)
        const engine = await cli.engine()
        const signed = await engine.request('seals.root', { project: project.id })
        if (options.append !== undefined) {
          const place = options.append === true ? await placeOf(cli, project.id) : options.append
          await (await offline()).keepRootLine(place, JSON.stringify(signed))
        }
        if (options.json) return cli.out.json(signed)
        cli.out.line(`${signed.root} over ${count(signed.leaves, 'seal')}`)
        cli.out.line(`signed ${signed.time} by ${signed.key}`)
      }),
    )
}

/** The place that the settings of a project name. */
async function placeOf(cli: Cli, project: string): Promise<string> {
  const engine = await cli.engine()
  const { value } = await engine.request('config.get', { project, key: 'root.append-to' })
  if (typeof value === 'string' && value !== '') return value
  const how = 'ize config set root.append-to <place> --project <project>'
  throw new IzeError('E_USAGE', `No place for roots is set: name one behind --append, or set it with "${how}".`)
}

export function addProve(program: Command): void {
  verb(program, {
    usage: 'prove <project> <path>',
    summary: 'print a proof that a version of a file was in the history, which anyone can check without the project',
    example: 'ize prove thesis notes.txt@submitted > proof.json',
    json: false,
  })
    .option('--at <version>', 'the version, as in path@V')
    .option(
      '--leaves <number>',
      'prove it to an earlier root, over so many seals, instead of a signed one of today',
      seals,
    )
    .action(
      run<[string, string], { at?: string; leaves?: number }>(async ({ cli, options }, name, argument) => {
        const project = await cli.project(name)
        const target = await cli.target(project, argument)
        const version = options.at ?? target.version
        if (version === undefined) await cli.record(project)
        const engine = await cli.engine()
        const { proof } = await cli.recorded(project, () =>
          engine.request('seals.prove', {
            ...{ project: project.id, path: target.path },
            ...(version === undefined ? {} : { version }),
            ...(options.leaves === undefined ? {} : { leaves: options.leaves }),
          }),
        )
        await cli.out.write(proof)
      }),
    )
}

export function addCheckProof(program: Command): void {
  verb(program, {
    usage: 'check-proof <proof> <file>',
    summary: 'check a proof for a file, with neither project nor engine',
    example: 'ize check-proof proof.json notes.txt --key ed25519:AAAA…',
  })
    .option('--root <hex>', 'a root that was kept elsewhere, to which the proof must lead')
    .option('--key <key>', 'the key of the one who must have signed the root: ed25519:…, or a file that holds it')
    .action(
      run<[string, string], { root?: string; key?: string }>(async ({ cli, options }, proof, file) => {
        const { checkProofFile } = await offline()
        const check = await checkProofFile(proof, file, { root: options.root, key: options.key })
        if (options.json) cli.out.json(presentCheck(check))
        else printSteps(cli.out, check)
        return check.ok ? exitCodes.success : exitCodeOf(check.fault.code)
      }),
    )
}

function printSteps(out: Output, check: Offline.ProofCheck): void {
  for (const { shown, text } of check.steps) {
    out.line(`${shown ? out.paint('green', 'shown') : out.paint('yellow', 'NOT SHOWN')}  ${out.name(text)}`)
  }
  if (!check.ok) out.line(`${out.paint('red', 'WRONG')}  ${out.name(check.fault.message)}`)
}

function presentCheck(check: Offline.ProofCheck): unknown {
  const { ok, steps } = check
  return check.ok ? { ok, steps } : { ok, steps, fault: { code: check.fault.code, message: check.fault.message } }
}

function seals(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 1.')
}
