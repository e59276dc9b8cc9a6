import { readFile } from 'node:fs/promises'
import { InvalidArgumentError, type Command } from 'commander'
import { exitCodes } from '../../../src-preload/error-codes.ts'
import { IzeError } from '../../../src-preload/ize-error.ts'
import type { Params, Progress, Result } from '../../../src-preload/contract.ts'
import { count, size } from '../format.ts'
import { run, verb } from '../verb.ts'

type EarlierRoot = Params<'seals.verify'>['roots'][number]
type Verified = Result<'seals.verify'>

interface VerifyOptions {
  readonly since?: string
  readonly root?: string
  readonly leaves?: number
  readonly rootFile?: string
}

export function addVerify(program: Command): void {
  verb(program, {
    usage: 'verify <project>',
    summary: 'check the whole history: every byte, every seal, and that it continues what earlier roots were over',
    example: 'ize verify thesis\nize verify thesis --root-file ~/thesis-roots',
  })
    .option('--since <version>', 'take what was up to this version for sound, and check what came after it')
    .option('--root <hex>', 'an earlier root, as "ize root" prints it; with --leaves', rootHex)
    .option('--leaves <number>', 'over how many seals that root is', whole)
    .option('--root-file <file>', 'a file of signed roots, as "ize root --append" writes it')
    .action(
      run<[string], VerifyOptions>(async ({ cli, options }, name) => {
        const project = await cli.project(name)
        const roots = await earlierRoots(options)
        const engine = await cli.engine()
        const verified = await engine.request(
          'seals.verify',
          { project: project.id, roots, ...(options.since === undefined ? {} : { since: options.since }) },
          { signal: cli.signal, onProgress: (step) => cli.out.progress(progressText(step)) },
        )
        cli.out.clearProgress()
        if (options.json) cli.out.json(verified)
        else {
          for (const { message } of verified.faults)
            cli.out.line(`${cli.out.paint('red', 'WRONG')}  ${cli.out.name(message)}`)
          if (verified.more > 0) cli.out.line(`and ${count(verified.more, 'more fault')}`)
          cli.out.line(summary(verified))
        }
        return verified.faults.length > 0 ? exitCodes.damaged : exitCodes.success
      }),
    )
}

async function earlierRoots({ root, leaves, rootFile }: VerifyOptions): Promise<EarlierRoot[]> {
  if ((root === undefined) !== (leaves === undefined)) {
    throw new IzeError('E_USAGE', 'A root needs the number of seals it is over: --root <hex> --leaves <number>.')
  }
  const roots: EarlierRoot[] = root === undefined || leaves === undefined ? [] : [{ kind: 'plain', root, leaves }]
  if (rootFile === undefined) return roots
  const text = await readFile(rootFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new IzeError('E_SOURCE_MISSING', `There is no file ${rootFile}.`) : error
  })
  const lines = text.split('\n').filter((line) => line !== '')
  return [...roots, ...lines.map((line) => ({ kind: 'signed' as const, line }))]
}

function progressText({ phase, done, total }: Progress<'seals.verify'>): string {
  switch (phase) {
    case 'objects':
      return `Reading objects: ${size(done)}`
    case 'range':
      return `Checking the range: ${done} of ${total ?? '?'}`
    case 'seals':
      return `Checking seals: ${done} of ${total ?? '?'}`
  }
}

function summary({ faults, more, seals, root, checked }: Verified): string {
  const read = checked.bytes > 0 ? `${size(checked.bytes)} of objects, ` : ''
  const looked = `${read}${count(checked.seals, 'seal')} with ${count(checked.objects, 'object')}, ${count(checked.tags, 'tag')}, ${count(checked.roots, 'earlier root')}`
  const verdict = faults.length === 0 ? 'Sound' : `${count(faults.length + more, 'fault')} found`
  const gone = checked.pruned === 0 ? '' : `, ${count(checked.pruned, 'content')} pruned`
  const forgotten = checked.forgotten === 0 ? '' : `, ${count(checked.forgotten, 'content')} forgotten`
  return `${verdict}: checked ${looked}${gone}${forgotten}; the root over ${count(seals, 'seal')} is ${root}.`
}

function rootHex(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase()
  throw new InvalidArgumentError('It must be 64 hexadecimal digits.')
}

function whole(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number.')
}
