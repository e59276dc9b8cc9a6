import type { ProjectSession } from '../project/session.ts'

type Reads = Pick<ProjectSession, 'log'>

/**
 * Leave to read a project, however long that takes. While nobody has the project open, its reader has the repository,
 * which has one owner, to itself. Whoever opens the project meanwhile does not wait for the reader's end: the reader lets
 * go of the repository and goes on through the session, which stays open for it.
 */
export class ReadingLease {
  private releaseSession: () => void = () => undefined
  private release: () => Promise<void> = () => Promise.resolve()
  private taken: Promise<Reads> | null
  private take: { resolve: (session: Reads) => void; reject: (error: unknown) => void } | null = null

  /** `session`: it is open already; null: the reader has the repository. */
  constructor(readonly session: Reads | null) {
    this.taken = session && Promise.resolve(session)
  }

  /** How the reader lets go of the repository: resolves when it has. Asked for at most once. */
  onLetGo(release: () => Promise<void>): void {
    this.release = release
  }

  /** The session to go on with; settled when whoever wanted it has opened it, or could not. */
  get opened(): Promise<Reads> {
    return (this.taken ??= new Promise((resolve, reject) => (this.take = { resolve, reject })))
  }

  /** For who opens the project: resolves when the repository is free. */
  async letGo(): Promise<void> {
    this.opened.catch(() => undefined)
    await this.release()
  }

  /** `release`: called when the reader needs the session no more. */
  goOn(session: Reads, release: () => void): void {
    this.releaseSession = release
    this.take?.resolve(session)
  }

  /** The reader is through. */
  end(): void {
    this.releaseSession()
  }

  fail(error: unknown): void {
    this.take?.reject(error)
  }
}
