/** `damaged`: the index was, and was made anew. `stopped`: before it was at its end. */
export interface Indexed {
  readonly damaged: boolean
  readonly stopped: boolean
}

interface Run {
  readonly stop: AbortController
  readonly ended: Promise<Indexed>
  /** More was recorded since it began. */
  again: boolean
}

/** Keeps texts searchable: one run at a time for each project, in the background. */
export class TextIndexer {
  private readonly runs = new Map<string, Run>()

  constructor(
    private readonly index: (
      root: string,
      limit: number,
      signal: AbortSignal,
    ) => Promise<{ readonly damaged: boolean }>,
  ) {}

  /** Resolves when all that was recorded before the call can be searched, or the run was stopped. `limit`: bytes. */
  bring(root: string, limit: number): Promise<Indexed> {
    const running = this.runs.get(root)
    if (running) {
      running.again = true
      return running.ended
    }
    const stop = new AbortController()
    const run: Run = { stop, again: true, ended: Promise.resolve().then(() => this.repeat(root, limit, run)) }
    this.runs.set(root, run)
    return run.ended
  }

  /** Resolves when nothing of the project is open any more. */
  async stop(root: string): Promise<void> {
    const run = this.runs.get(root)
    run?.stop.abort()
    await run?.ended.catch(() => undefined)
  }

  private async repeat(root: string, limit: number, run: Run): Promise<Indexed> {
    let damaged = false
    try {
      while (run.again && !run.stop.signal.aborted) {
        run.again = false
        const indexed = await this.index(root, limit, run.stop.signal)
        damaged ||= indexed.damaged
      }
      return { damaged, stopped: run.stop.signal.aborted }
    } finally {
      this.runs.delete(root)
    }
  }
}
