import { setTimeout as sleep } from 'node:timers/promises'
import type { EventPayload } from '../../../src-preload/contract.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import type { SessionStatus } from '../project/session.ts'
import type { EventHub } from './event-hub.ts'
import { presentProject } from './present.ts'
import { RateMeter } from './rate-meter.ts'
import type { EngineServices } from './services.ts'
import type { Sessions } from './sessions.ts'
import type { TextSearch } from './text-search.ts'
import { timestamp, timestampOfMs } from './timestamp.ts'

type Status = EventPayload<'status'>

const TICK_MS = 250
/** Long enough for a rate where nobody has watched so far. */
const MEASURE_MS = 100

interface Watched {
  readonly timer: NodeJS.Timeout
  /** What was told last, but for the age of what waits. */
  told: string
}

/**
 * What waits and how far history is, told to subscribed clients while it changes. Looking costs neither the mount thread
 * nor the recorder anything: the figures are in shared memory. A project is looked at four times a second from when its
 * session says that something stirs until nothing changes any more; at rest there is no timer.
 */
export class LiveStatus {
  private readonly watched = new Map<string, Watched>()
  private readonly meters = new Map<string, RateMeter>()

  constructor(
    private readonly services: Pick<EngineServices, 'projects'>,
    private readonly sessions: Sessions,
    private readonly hub: EventHub,
    private readonly upkeep: { state(project: ProjectRecord): Status['upkeep'] },
    private readonly texts: Pick<TextSearch, 'lag' | 'known'>,
  ) {}

  /** Something changes in the project from now on. */
  stir(project: ProjectRecord): void {
    if (this.watched.has(project.uuid) || !this.hub.heard) return
    const timer = setInterval(() => void this.tick(project.uuid), TICK_MS)
    timer.unref()
    this.watched.set(project.uuid, { timer, told: '' })
    void this.tick(project.uuid)
  }

  /** A client that has just subscribed hears of every open project. */
  stirAll(): void {
    for (const project of this.sessions.projects()) this.stir(project)
  }

  close(): void {
    for (const uuid of [...this.watched.keys()]) this.rest(uuid)
  }

  /** As it is now; opens the project when it is not. */
  async status(project: ProjectRecord): Promise<Status> {
    return this.sessions.use(project, async (session) => {
      let now = await session.status()
      const meter = this.meter(project.uuid)
      meter.take(now.counted)
      if (now.recorder !== 'idle' && !meter.knows) {
        await sleep(MEASURE_MS)
        now = await session.status()
        meter.take(now.counted)
      }
      // Behind the session, whose recorder brings the index up to date.
      await this.texts.lag(project)
      return this.present(project, now)
    })
  }

  private async tick(uuid: string): Promise<void> {
    const watched = this.watched.get(uuid)
    const open = this.sessions.openNow(uuid)
    if (!watched || !open || !this.hub.heard) return this.rest(uuid)
    const now = await open.session.status()
    const meter = this.meter(uuid)
    meter.take(now.counted)
    const still = { ...now, pending: { ...now.pending, age: 0 } }
    const seen = JSON.stringify([still, meter.rate, open.project.name, this.texts.known(uuid)])
    if (seen !== watched.told) {
      watched.told = seen
      const status = await this.present(open.project, now)
      this.hub.send('status', status)
    } else if (now.recorder !== 'recording' && meter.isStill) this.rest(uuid)
  }

  private rest(uuid: string): void {
    clearInterval(this.watched.get(uuid)?.timer)
    this.watched.delete(uuid)
    if (!this.sessions.openNow(uuid)) this.meters.delete(uuid)
  }

  private meter(uuid: string): RateMeter {
    let meter = this.meters.get(uuid)
    if (!meter) this.meters.set(uuid, (meter = new RateMeter()))
    return meter
  }

  private async present(project: ProjectRecord, now: SessionStatus): Promise<Status> {
    const revision = this.hub.nextRevision()
    const inHistoryUpTo = now.inHistoryUpTo && timestamp(now.inHistoryUpTo.sec, now.inHistoryUpTo.nsec)
    const savedUpTo = now.savedUpTo && timestamp(now.savedUpTo.sec, now.savedUpTo.nsec)
    return {
      ...presentProject(project, now.mountPoint, now.problem ?? this.sessions.problem(project)),
      revision,
      recorder: now.recorder,
      pending: now.pending,
      inHistoryUpTo,
      // A log that is empty says nothing of what was in it; history does.
      savedUpTo:
        savedUpTo === null || (inHistoryUpTo !== null && inHistoryUpTo > savedUpTo) ? inHistoryUpTo : savedUpTo,
      pausedUntil: now.pausedUntil === null ? null : timestampOfMs(now.pausedUntil),
      rate: this.meter(project.uuid).rate,
      log: now.log,
      search: this.texts.known(project.uuid),
      upkeep: this.upkeep.state(project),
      pruneDue: now.pruneDue,
      unversioned: [...(await this.services.projects.unversioned(project))],
    }
  }
}
