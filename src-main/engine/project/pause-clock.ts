/** Until when history waits on request; ends by itself. */
export class PauseClock {
  /** ms since 1970; null: it does not wait. */
  until: number | null = null
  private timer: NodeJS.Timeout | null = null

  constructor(private readonly changed: (paused: boolean) => void) {}

  /** Until then, or no longer (null). */
  set(until: number | null): void {
    if (this.timer) clearTimeout(this.timer)
    const paused = until !== null && until > Date.now()
    this.until = paused ? until : null
    this.timer = paused ? setTimeout(() => this.set(null), until - Date.now()) : null
    this.timer?.unref()
    this.changed(paused)
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer)
  }
}
