import type { EngineState } from '../../src-preload/app-contract.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  events,
  type EventName,
  type EventPayload,
  type MethodName,
  type Params,
  type Result,
} from '../../src-preload/contract.ts'
import { IzeError } from '../../src-preload/ize-error.ts'
import { connectEngine } from '../client/connect.ts'
import type { EngineClient, RequestOptions } from '../client/engine-client.ts'

/** Waits before the first, second and third try to start an engine again that ended by itself; then it is left. */
const BACK_OFF_MS = [500, 2000, 5000]
/** An engine that ran for so long was well: a later end counts as the first. */
const WELL_MS = 60_000

export interface LinkListener {
  readonly state: (state: EngineState) => void
  readonly event: <E extends EventName>(event: E, payload: EventPayload<E>) => void
}

/**
 * The connection of an app to its engine, which is started when there is none and started again when it ends by itself.
 * A question that was under way when it ended fails with E_ENGINE_GONE and is never asked twice; questions that come
 * while there is none wait for the next, and bring it no sooner.
 */
export class EngineLink {
  private client: Promise<EngineClient> | null = null
  private current: EngineState = { kind: 'starting' }
  private failures = 0
  private closed = false
  private readonly listeners = new Set<LinkListener>()

  constructor(private readonly connect: () => Promise<EngineClient> = connectEngine) {}

  get state(): EngineState {
    return this.current
  }

  listen(listener: LinkListener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Errors: those of the engine; E_ENGINE_GONE; why it cannot be started. */
  async request<M extends MethodName>(method: M, params: Params<M>, options?: RequestOptions<M>): Promise<Result<M>> {
    const { current } = this
    if (current.kind === 'failed') throw new IzeError(current.code, current.message)
    return (await this.ready()).request(method, params, options)
  }

  /** Connects now, also after it was given up. */
  start(): Promise<unknown> {
    if (this.current.kind === 'failed') this.failures = 0
    return this.ready()
  }

  close(): void {
    this.closed = true
    void this.client?.then(
      (client) => client.close(),
      () => undefined,
    )
  }

  private ready(): Promise<EngineClient> {
    this.client ??= this.open()
    return this.client
  }

  private async open(): Promise<EngineClient> {
    if (this.closed) throw new IzeError('E_ENGINE_GONE', 'The app is ending.')
    this.become({ kind: 'starting' })
    try {
      const client = await this.connect()
      for (const event of Object.keys(events) as EventName[]) {
        client.on(event, (payload) => {
          for (const listener of this.listeners) listener.event(event, payload)
        })
      }
      const begun = Date.now()
      void client.whenClosed().then(() => {
        if (Date.now() - begun > WELL_MS) this.failures = 0
        this.again(new IzeError('E_ENGINE_GONE', 'The engine ended by itself.'))
      })
      const { version, pid } = await client.request('engine.info', {})
      const projects = await client.request('engine.subscribe', {})
      this.become({ kind: 'running', version, pid })
      for (const listener of this.listeners) listener.event('projects', projects)
      return client
    } catch (error) {
      this.again(error)
      throw error
    }
  }

  /** What failed is forgotten and tried again after a while, a few times. */
  private again(error: unknown): void {
    if (this.closed || this.current.kind === 'restarting' || this.current.kind === 'failed') return
    this.client = null
    const message = error instanceof Error ? error.message : String(error)
    const wait = BACK_OFF_MS[this.failures++]
    if (wait === undefined) {
      const data = error instanceof IzeError ? error : new IzeError('E_ENGINE_SILENT', message)
      const log = typeof data.data['log'] === 'string' ? data.data['log'] : null
      return this.become({ kind: 'failed', code: data.code, message, log })
    }
    this.become({ kind: 'restarting', attempt: this.failures, retryAt: Date.now() + wait, message })
    const next = sleep(wait).then(() => this.open())
    // Its failure is told by the state, and to those who wait for it.
    next.catch(() => undefined)
    this.client = next
  }

  private become(state: EngineState): void {
    this.current = state
    for (const listener of this.listeners) listener.state(state)
  }
}
