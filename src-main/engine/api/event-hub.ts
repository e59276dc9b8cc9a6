import type { EventName, EventPayload } from '../../../src-preload/contract.ts'
import type { Client } from './client.ts'

/**
 * Tells subscribed clients what changed. The list of projects goes out as a whole snapshot; several changes within one
 * moment go out as one.
 */
export class EventHub {
  private readonly clients = new Set<Client>()
  private revisions = 0
  private announcing = false

  constructor(private readonly snapshot: (revision: number) => Promise<EventPayload<'projects'>>) {}

  add(client: Client): void {
    this.clients.add(client)
    client.onClose(() => this.clients.delete(client))
  }

  get size(): number {
    return this.clients.size
  }

  /** Somebody listens. */
  get heard(): boolean {
    return [...this.clients].some(({ subscribed }) => subscribed)
  }

  nextRevision(): number {
    return ++this.revisions
  }

  get revision(): number {
    return this.revisions
  }

  send<E extends EventName>(event: E, payload: EventPayload<E>): void {
    for (const client of this.clients) if (client.subscribed) client.send(event, payload)
  }

  projectsChanged(): void {
    this.nextRevision()
    if (this.announcing) return
    this.announcing = true
    setImmediate(() => {
      this.announcing = false
      if (!this.heard) return
      const revision = this.revisions
      // A snapshot that cannot be made now (a file is being replaced) comes with the next change.
      this.snapshot(revision).then(
        (payload) => this.send('projects', payload),
        () => undefined,
      )
    })
  }
}
