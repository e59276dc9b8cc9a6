import type { MessagePort } from 'node:worker_threads'
import { IzeError } from '../ize-error.ts'
import { Channel, type ChannelLog } from '../retention/channel.ts'
import type { ProjectLayout } from './layout.ts'
import type { ChannelEntry, SentError } from './worker-messages.ts'

/** What a check asks of the main thread. */
export type FromVerify =
  | { readonly type: 'question'; readonly id: number; readonly from: number | 'newest'; readonly limit: number }
  /** It has closed the repository, and asks from now on. */
  | { readonly type: 'freed' }

export type ChannelAnswer =
  | { readonly type: 'answer'; readonly id: number; readonly entries: readonly ChannelEntry[] }
  | { readonly type: 'answer'; readonly id: number; readonly error: SentError }

export type ToVerify = ChannelAnswer | { readonly type: 'let-go' }

type Entries = Awaited<ReturnType<ChannelLog['log']>>

/**
 * The channel as a check reads it: from the repository itself, until somebody opens the project; from then on it asks the
 * one who has it.
 */
export class VerifyChannel implements ChannelLog {
  private own: Channel | null = null
  private owned: boolean
  /** What is done with the repository, one after the other. */
  private turn: Promise<unknown>
  private serial = 0
  private readonly waiting = new Map<number, (answer: ChannelAnswer) => void>()

  /** `owned`: nobody has the repository open; it is opened. */
  constructor(
    private readonly port: MessagePort,
    layout: ProjectLayout,
    owned: boolean,
  ) {
    this.owned = owned
    this.turn = owned ? Channel.open(layout).then((channel) => void (this.own = channel)) : Promise.resolve()
    // Whoever asks hears of it.
    this.turn.catch(() => undefined)
    port.on('message', (message: ToVerify) => {
      if (message.type === 'let-go') return void this.letGo()
      this.waiting.get(message.id)?.(message)
      this.waiting.delete(message.id)
    })
  }

  /** Somebody else has the repository, and may go on recording. */
  get live(): boolean {
    return !this.owned
  }

  log(from: number, limit: number): Promise<Entries> {
    return this.read((channel) => channel.log(from, limit), [from, limit])
  }

  async head(): Promise<Entries[number] | null> {
    const [newest] = await this.read(
      async (channel) => {
        const head = await channel.head()
        return head ? [head] : []
      },
      ['newest', 1],
    )
    return newest ?? null
  }

  async close(): Promise<void> {
    await this.letGo()
    this.port.close()
  }

  private read(own: (channel: Channel) => Promise<Entries>, asked: [number | 'newest', number]): Promise<Entries> {
    const entries = this.turn.then(() => (this.own ? own(this.own) : this.ask(...asked)))
    this.turn = entries.catch(() => undefined)
    return entries
  }

  private async letGo(): Promise<void> {
    const closed = this.turn.then(
      async () => {
        const channel = this.own
        this.own = null
        this.owned = false
        await channel?.close()
      },
      () => undefined,
    )
    this.turn = closed
    await closed
    this.port.postMessage({ type: 'freed' } satisfies FromVerify)
  }

  private async ask(from: number | 'newest', limit: number): Promise<Entries> {
    const id = ++this.serial
    const answer = await new Promise<ChannelAnswer>((heard) => {
      this.waiting.set(id, heard)
      this.port.postMessage({ type: 'question', id, from, limit } satisfies FromVerify)
    })
    if ('error' in answer) throw new IzeError(answer.error.code, answer.error.message)
    // A port makes other arrays of buffers; a check has no use for message and time.
    return answer.entries.map((entry) => ({ ...entry, metadata: Buffer.from(entry.metadata), message: '', timeMs: 0 }))
  }
}
