import type { Socket } from 'node:net'
import type { Logger } from 'pino'
import type { MethodName } from '../../../src-preload/contract.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import type { SessionEvent } from '../project/session.ts'
import { configMethods } from './config-methods.ts'
import { contentMethods } from './content-methods.ts'
import { projectsSnapshot, type ApiContext } from './context.ts'
import { doctorMethods, engineMethods } from './engine-methods.ts'
import { EventHub } from './event-hub.ts'
import { folderMethods } from './folder-methods.ts'
import type { Handlers } from './handlers.ts'
import { historyMethods } from './history-methods.ts'
import { liveMethods } from './live-methods.ts'
import { LiveStatus } from './live-status.ts'
import { mountProject } from './mount-project.ts'
import { projectMethods } from './project-methods.ts'
import { RpcClient, type Observer } from './rpc-client.ts'
import type { EngineServices } from './services.ts'
import { sealMethods } from './seal-methods.ts'
import { settleJournal } from './settle-journal.ts'
import { Sessions } from './sessions.ts'
import { SocketServer } from './socket-server.ts'
import { tagMethods } from './tag-methods.ts'
import { TextSearch } from './text-search.ts'
import { Upkeep } from './upkeep.ts'

export interface EngineServerOptions {
  readonly services: EngineServices
  readonly log: Logger
  readonly version: string
  readonly centralDirectory: string
  readonly socket: string
  readonly logFile: string
  /** How long the engine stays when nobody needs it; null: for good. */
  readonly idleMs: number | null
  /** About how often it is looked whether projects need upkeep. */
  readonly upkeepSeconds: number
  /** Called once: when a client asks for it, or when nobody needs the engine any more. */
  readonly onStop: (why: string) => void
}

/** The engine towards its clients: socket, methods, events, and when it is no longer needed. */
export class EngineServer implements Observer {
  private readonly context: ApiContext
  private readonly upkeep: Upkeep
  private readonly handlers: Handlers
  private readonly clients = new Set<RpcClient>()
  private readonly ready: Promise<void>
  private readonly endingController = new AbortController()
  private server: SocketServer | null = null
  private requests = 0
  private longRequests = 0
  private idle: NodeJS.Timeout | null = null
  private stopped = false

  private constructor(private readonly options: EngineServerOptions) {
    const { services } = options
    this.upkeep = new Upkeep(() => this.context, options.log, this.ending)
    const sessions = new Sessions({
      open: (project) => services.openSession(project),
      onEvent: (project, event) => this.hear(project, event),
      onChange: () => {
        this.context.hub.projectsChanged()
        this.considerIdle()
      },
      onWanted: (project) => this.upkeep.giveWay(project),
    })
    const hub = new EventHub((revision) => projectsSnapshot({ services, sessions }, revision))
    const texts = new TextSearch(services, options.log, {
      isRecording: async ({ uuid }) => ((await sessions.openNow(uuid)?.session.status())?.log.operations ?? 0) > 0,
      changed: (project) => this.context.live.stir(project),
      damaged: (project, message) => this.tellProblem(project, message),
    })
    const live = new LiveStatus(services, sessions, hub, this.upkeep, texts)
    this.context = { services, sessions, hub, texts, live, upkeep: this.upkeep }
    // A recorder that opens brings the index up to date.
    services.history.mendWith(async (root) => {
      const { projects } = await services.registry.list()
      const project = projects.find((one) => one.root === root)
      if (project) await sessions.use(project, async (session) => void (await session.status()))
    })
    const { version, centralDirectory, socket, logFile } = options
    const facts = {
      version,
      centralDirectory,
      socket,
      log: logFile,
      started: Date.now(),
      longRequests: () => this.longRequests,
    }
    this.handlers = {
      ...engineMethods(this.context, { ...facts, stop: (why) => this.stop(why) }),
      ...this.whenReady({
        ...projectMethods(this.context),
        ...liveMethods(this.context),
        ...folderMethods(this.context),
        ...historyMethods(this.context),
        ...contentMethods(this.context),
        ...sealMethods(this.context),
        ...tagMethods(this.context),
        ...configMethods(this.context),
        ...doctorMethods(this.context),
      }),
    }
    this.ready = this.mountAgain()
    void this.ready.then(() => this.stopped || this.upkeep.start(options.upkeepSeconds))
  }

  /** Listens at once; what was mounted is mounted again meanwhile, and everything but `engine.*` waits for that. */
  static async start(options: EngineServerOptions): Promise<EngineServer> {
    const server = new EngineServer(options)
    server.server = await SocketServer.listen(options.socket, (socket) => server.accept(socket))
    server.considerIdle()
    return server
  }

  get ending(): AbortSignal {
    return this.endingController.signal
  }

  begin(_method: MethodName, long: boolean): () => void {
    this.requests++
    if (long) this.longRequests++
    return () => {
      this.requests--
      if (long) this.longRequests--
      this.considerIdle()
    }
  }

  fault(method: MethodName, error: unknown): void {
    this.options.log.error({ err: error, method }, 'a request failed')
  }

  /** Syncs and closes everything; the caller then ends the process. */
  async close(): Promise<void> {
    this.stopped = true
    if (this.idle) clearTimeout(this.idle)
    this.server?.close()
    this.endingController.abort()
    this.upkeep.stop()
    const { sessions, services, texts, live } = this.context
    const mountPoints = sessions.mountPoints()
    await sessions.closeAll()
    // A folder that is not mounted must not look like an empty one that may be written into.
    await Promise.allSettled(mountPoints.map((mountPoint) => services.mountPoints.release(mountPoint)))
    texts.stop()
    live.close()
    await services.history.close()
    for (const client of this.clients) client.close()
  }

  private stop(why: string): void {
    if (this.stopped) return
    this.stopped = true
    this.options.onStop(why)
  }

  private accept(socket: Socket): void {
    const client = new RpcClient(socket, this.handlers, this)
    this.clients.add(client)
    this.context.hub.add(client)
    client.onClose(() => {
      this.clients.delete(client)
      this.considerIdle()
    })
    this.considerIdle()
  }

  /** What was mounted when the last engine ended, however it ended, is mounted again. */
  private async mountAgain(): Promise<void> {
    const { services, sessions } = this.context
    await settleJournal(this.context, this.options.log)
    const { projects } = await services.registry.list()
    for (const project of projects.filter(({ mounted }) => mounted)) {
      try {
        if (project.mountPoint !== null) await mountProject(this.context, project, project.mountPoint)
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        sessions.setProblem(project, `It could not be mounted again: ${message}`)
        this.options.log.error({ err: error, project: project.name }, 'could not mount again')
      }
    }
  }

  private whenReady<H extends object>(handlers: H): H {
    const waiting = Object.entries(handlers).map(([name, handler]) => [
      name,
      async (params: unknown, call: unknown) => {
        await this.ready
        return (handler as (params: unknown, call: unknown) => Promise<unknown>)(params, call)
      },
    ])
    return Object.fromEntries(waiting) as H
  }

  private hear(project: ProjectRecord, event: SessionEvent): void {
    const { hub, services, texts, live } = this.context
    live.stir(project)
    const name = { id: project.uuid, name: project.name }
    switch (event.type) {
      case 'recorded':
        texts.recorded(project)
        return hub.send('history', { project: name, revision: hub.nextRevision(), changes: event.sequence })
      case 'problem':
        this.tellProblem(project, event.message)
        return hub.projectsChanged()
      case 'notice':
        this.options.log.warn({ project: project.name }, event.message)
        return hub.send('problem', { project: name, message: event.message })
      case 'unmounted':
        this.options.log.info({ project: project.name, reason: event.reason }, 'unmounted from outside')
        // Someone unmounted it on purpose (fusermount3 -u): it is not to come back by itself.
        services.registry
          .find(project.uuid)
          .then((record) => services.registry.setMount(record, record.mountPoint, false))
          .then(() => hub.projectsChanged())
          .catch((error: unknown) =>
            this.options.log.error({ err: error, project: project.name }, 'could not note the unmount'),
          )
        return
      case 'status':
        return hub.projectsChanged()
      case 'stirred':
        return
    }
  }

  private tellProblem({ uuid: id, name }: ProjectRecord, message: string): void {
    this.options.log.error({ project: name }, message)
    this.context.hub.send('problem', { project: { id, name }, message })
  }

  private considerIdle(): void {
    const needed = this.stopped || this.clients.size > 0 || this.requests > 0 || this.context.sessions.open > 0
    if (needed && this.idle) {
      clearTimeout(this.idle)
      this.idle = null
    }
    const { idleMs } = this.options
    if (needed || this.idle || idleMs === null) return
    this.idle = setTimeout(() => this.stop('nobody needs it'), idleMs)
  }
}
