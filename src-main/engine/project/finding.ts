/** One thing `ize doctor` looked at: what is so, and what to do about it. */
export interface Finding {
  readonly level: 'ok' | 'note' | 'warning' | 'error'
  /** Stable name of the check. */
  readonly check: string
  /** Name of the project; null: the machine. */
  readonly project: string | null
  readonly message: string
  readonly advice: string | null
}

/** Makes the findings of one project, or (null) of the machine. */
export class Findings {
  readonly list: Finding[] = []

  constructor(private readonly project: string | null) {}

  ok(check: string, message: string): void {
    this.add('ok', check, message, null)
  }

  note(check: string, message: string, advice: string | null = null): void {
    this.add('note', check, message, advice)
  }

  warning(check: string, message: string, advice: string): void {
    this.add('warning', check, message, advice)
  }

  error(check: string, message: string, advice: string): void {
    this.add('error', check, message, advice)
  }

  private add(level: Finding['level'], check: string, message: string, advice: string | null): void {
    this.list.push({ level, check, project: this.project, message, advice })
  }
}
