import { InvalidArgumentError, type Command } from 'commander'
import { exitCodeOf, exitCodes } from '../../../src-preload/error-codes.ts'
import { IzeError } from '../../../src-preload/ize-error.ts'
import type { Params, Progress, Result } from '../../../src-preload/contract.ts'
import type * as Offline from '../../engine/store/seals/offline.ts'
import { count, size } from '../format.ts'
import type { Output } from '../output.ts'
import { run, verb } from '../verb.ts'

type EarlierRoot = Params<'seals.verify'>['roots'][number]
type Verified = Result<'seals.verify'>

interface VerifyOptions {
  readonly since?: string
  readonly root?: string
  readonly leaves?: number
  readonly rootFile?: string
  readonly key?: string
}

type Kept = Awaited<ReturnType<typeof Offline.readRootLines>>

export function addVerify(program: Command): void {
  verb(program, {
    usage: 'verify <project>',
    summary: 'check the whole history: every byte, every seal, and that it continues what earlier roots were over',
    example: 'ize verify thesis\nize verify thesis --root-file ~/thesis-roots',
  })
    .option('--since <version>', 'take what was up to this version for sound, and check what came after it')
    .option('--root <hex>', 'an earlier root, as "ize root" prints it; with --leaves', rootHex)
    .option('--leaves <number>', 'over how many seals that root is', whole)
    .option('--root-file <place>', 'a file or a git ref with signed roots, as "ize root --append" writes it')
    .option('--key <key>', 'the key that must have signed them: ed25519:…, or a file that holds it; with --root-file')
    .action(
      run<[string], VerifyOptions>(async ({ cli, options }, name) => {
        const project = await cli.project(name)
        const plain = earlierRoot(options)
        const kept = await keptRoots(options, project.id)
        const roots = [...plain, ...(kept?.lines ?? []).map((line) => ({ kind: 'signed' as const, line }))]
        const engine = await cli.engine()
        const verified = await engine.request(
          'seals.verify',
          { project: project.id, roots, ...(options.since === undefined ? {} : { since: options.since }) },
          { signal: cli.signal, onProgress: (step) => cli.out.progress(progressText(step)) },
        )
        cli.out.clearProgress()
        if (options.json) cli.out.json({ ...verified, ...(kept ? { kept: presentKept(kept) } : {}) })
        else {
          for (const { message } of verified.faults)
            cli.out.line(`${cli.out.paint('red', 'WRONG')}  ${cli.out.name(message)}`)
          if (verified.more > 0) cli.out.line(`and ${count(verified.more, 'more fault')}`)
          cli.out.line(summary(verified))
          if (kept) printKept(cli.out, kept)
        }
        if (verified.faults.length > 0) return exitCodes.damaged
        return kept?.fault ? exitCodeOf(kept.fault.code) : exitCodes.success
      }),
    )
}

function earlierRoot({ root, leaves }: VerifyOptions): EarlierRoot[] {
  if ((root === undefined) !== (leaves === undefined)) {
    throw new IzeError('E_USAGE', 'A root needs the number of seals it is over: --root <hex> --leaves <number>.')
  }
  return root === undefined || leaves === undefined ? [] : [{ kind: 'plain', root, leaves }]
}

/** Read and judged here: the engine is what is being checked. */
async function keptRoots({ rootFile, key }: VerifyOptions, project: string): Promise<Kept | null> {
  if (rootFile === undefined) {
    if (key === undefined) return null
    throw new IzeError('E_USAGE', 'A key is that of signed roots: name where they are with --root-file.')
  }
  const { readRootLines } = await import('../../engine/store/seals/offline.ts')
  return readRootLines(rootFile, project, key)
}

function printKept(out: Output, { signers, others, unreadable, fault }: Kept): void {
  for (const { key, whose, roots } of signers) out.line(signerText(key, whose, count(roots, 'root')))
  if (others > 0) out.line(`${count(others, 'root')} of other projects ${others === 1 ? 'was' : 'were'} passed over.`)
  if (unreadable.length > 0) {
    const lines = `${unreadable.length === 1 ? 'Line' : 'Lines'} ${unreadable.slice(0, SHOWN).join(', ')}`
    const more = unreadable.length > SHOWN ? ` and ${unreadable.length - SHOWN} more` : ''
    out.line(`${lines}${more}: no signed root, passed over.`)
  }
  if (fault) out.line(`${out.paint('red', 'WRONG')}  ${fault.message}`)
}

const SHOWN = 10

function signerText(key: string, whose: Offline.Signer['whose'], roots: string): string {
  switch (whose) {
    case 'own':
      return `${roots} signed by your own key, ${key}.`
    case 'given':
      return `${roots} signed by the given key, ${key}.`
    case 'unknown':
      return `${roots} signed by ${key}: whose key that is was not shown, give it with --key.`
  }
}

function presentKept({ signers, others, unreadable, fault }: Kept): unknown {
  return {
    ...{ signers, others, unreadable },
    ...(fault ? { fault: { code: fault.code, message: fault.message } } : {}),
  }
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
