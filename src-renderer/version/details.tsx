import { Copy } from 'lucide-react'
import { call, sentenceOf } from '../bridge/call.ts'
import { say } from '../state/toasts.ts'
import { IconButton } from '../ui/button.tsx'
import { size } from '../ui/count.ts'
import { wholeTime } from '../ui/time.ts'
import { visible } from '../ui/visible.ts'
import type { Entry } from './labels.ts'
import { modeText, type TreeEntry } from './sides.ts'

/** Characters of a command line that are shown. */
const COMMAND = 300

interface DetailsProps {
  readonly entry: Entry
  readonly tree: TreeEntry | null
}

/** What is known of one version, for those who look closer. */
export function Details({ entry, tree }: DetailsProps) {
  const { process, program } = entry
  const command = process?.command?.join(' ').slice(0, COMMAND) ?? null
  return (
    <dl className="version-details">
      <Fact name="Time">{wholeTime(entry.time)}</Fact>
      <Fact name="Program">
        {program === null ? 'unknown program' : visible(program)}
        {process && ` (${process.pid})`}
        {command !== null && <span className="mute mono"> {visible(command)}</span>}
      </Fact>
      {entry.size !== null && <Fact name="Size">{size(entry.size)}</Fact>}
      {tree && tree.mode !== null && <Fact name="Permissions">{modeText(tree.mode)}</Fact>}
      {tree && tree.target !== null && <Fact name="Leads to">{visible(tree.target)}</Fact>}
      {entry.from !== null && <Fact name="Was named">{visible(entry.from)}</Fact>}
      {entry.note !== null && <Fact name="Note">{visible(entry.note)}</Fact>}
      <Fact name="Change" copy={entry.hash}>
        <span className="mono">{entry.hash}</span>
      </Fact>
      {entry.seal && (
        <Fact name="Seal" copy={entry.seal.name}>
          <span className="mono">{entry.seal.name}</span>
        </Fact>
      )}
    </dl>
  )
}

interface FactProps {
  readonly name: string
  readonly copy?: string
  readonly children: React.ReactNode
}

function Fact({ name, copy, children }: FactProps) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <span>{children}</span>
        {copy !== undefined && (
          <IconButton label={`Copy the ${name.toLowerCase()}`} onClick={() => copyText(copy)}>
            <Copy size={13} />
          </IconButton>
        )}
      </dd>
    </>
  )
}

function copyText(text: string): void {
  call('app.copyText', { text }).then(
    () => say('done', 'Copied.'),
    (error: unknown) => say('problem', sentenceOf(error)),
  )
}
