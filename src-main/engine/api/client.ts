import type { EventName, EventPayload } from '../../../src-preload/contract.ts'

/** One connected client, as the methods see it. What belongs to it ends with it. */
export interface Client {
  /** From now on the client hears events. */
  subscribe(): void
  readonly subscribed: boolean
  send<E extends EventName>(event: E, payload: EventPayload<E>): void
  /** Runs when the connection ends. */
  onClose(run: () => void): void
}
