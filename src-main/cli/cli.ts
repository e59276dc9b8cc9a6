import { connectEngine } from '../client/connect.ts'
import type { EngineClient } from '../client/engine-client.ts'
import { IzeError } from '../../src-preload/ize-error.ts'
import type { Result } from '../../src-preload/contract.ts'
import { readTime } from '../../src-preload/time-text.ts'
import { clock } from './clock.ts'
import { Output } from './output.ts'
import { readTarget, type Target } from './target.ts'

export type ProjectSummary = Result<'projects.list'>['projects'][number]

/** What every verb works with: where it prints, the engine (started with its first use), and when to stop. */
export class Cli {
  readonly out = new Output()
  private client: Promise<EngineClient> | null = null

  /** `signal` is aborted by Ctrl+C or SIGTERM. */
  constructor(readonly signal: AbortSignal) {}

  engine(): Promise<EngineClient> {
    this.client ??= connectEngine()
    return this.client
  }

  /** The next use of the engine connects anew. */
  reconnect(): void {
    void this.close()
    this.client = null
  }

  async project(name: string): Promise<ProjectSummary> {
    const engine = await this.engine()
    const { projects } = await engine.request('projects.list', {})
    const folded = (text: string): string => text.normalize('NFC').toLowerCase()
    const found = projects.find((project) => project.id === name || folded(project.name) === folded(name))
    if (found) return found
    const names = projects.map((project) => project.name).join(', ')
    const advice =
      projects.length === 0 ? 'There are none yet; make one with: ize init <name>.' : `There are: ${names}.`
    throw new IzeError('E_PROJECT_UNKNOWN', `There is no project "${name}". ${advice}`, { project: name })
  }

  /**
   * A version as the user named it, in the form that the engine knows: of the kinds of names only times are read here,
   * where the user's clock and time zone are. What was done before that time may still be waiting to be recorded.
   */
  async version(project: ProjectSummary, name: string): Promise<string> {
    const time = readTime(name, clock())
    if (time !== null) await this.record(project)
    return time ?? name
  }

  /** Reads `path[@V]` of a project; one that is not known yet may still be waiting to be recorded. */
  async target(project: ProjectSummary, argument: string): Promise<Target> {
    const engine = await this.engine()
    const context = {
      project: project.name,
      mountPoint: project.mounted ? project.mountPoint : null,
      cwd: process.cwd(),
      known: async (paths: readonly string[]) =>
        (await engine.request('history.locate', { project: project.id, paths: [...paths] })).known,
    }
    return this.recorded(project, () => readTarget(argument, context))
  }

  /**
   * Tries `work`; when what it asks for is not in history, once more after everything that waits has been recorded, which
   * may have happened in between.
   */
  async recorded<T>(project: ProjectSummary, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      const unknown =
        error instanceof IzeError && (error.code === 'E_PATH_UNKNOWN' || error.code === 'E_VERSION_UNKNOWN')
      if (!unknown) throw error
      await this.record(project)
      return work()
    }
  }

  /** Brings what waits of a mounted project into history. */
  async record(project: ProjectSummary): Promise<void> {
    if (!project.mounted) return
    const engine = await this.engine()
    const { pending, recorder } = await engine.request('projects.status', { project: project.id })
    if (pending.operations === 0 || recorder === 'stopped') return
    this.out.progress('Waiting until what was saved is in history …')
    await engine.request('projects.flush', { project: project.id }, { signal: this.signal })
    this.out.clearProgress()
  }

  async close(): Promise<void> {
    const client = await this.client?.catch(() => null)
    client?.close()
  }
}
