/**
 * Work that is done side by side, so much of it at a time. After the first failure nothing more is begun; what was begun
 * comes to its end.
 */
export class SideBySide {
  private readonly running = new Set<Promise<void>>()
  private failure: { readonly error: unknown } | null = null

  constructor(private readonly width: number) {}

  /** Begins `work` at once, or when there is room. Errors: of what was begun before. */
  async begin(work: () => Promise<void>): Promise<void> {
    while (this.running.size >= this.width) await Promise.race(this.running)
    this.expectNone()
    const run: Promise<void> = work()
      .catch((error: unknown) => void (this.failure ??= { error }))
      .finally(() => this.running.delete(run))
    this.running.add(run)
  }

  /** Nothing is running any more. Errors: of what was begun. */
  async settle(): Promise<void> {
    await Promise.all(this.running)
    this.expectNone()
  }

  private expectNone(): void {
    if (this.failure) throw this.failure.error
  }
}
