interface Counted {
  readonly saved: number
  readonly recorded: number
}

/** Over how long a rate is taken. */
const WINDOW_MS = 1500

/** Operations a second, in and recorded, from counts that only grow but for a new beginning. */
export class RateMeter {
  private samples: (Counted & { readonly at: number })[] = []

  constructor(private readonly clock: () => number = () => performance.now()) {}

  take({ saved, recorded }: Counted): void {
    const at = this.clock()
    const last = this.samples.at(-1)
    // A mount begins to count anew.
    if (last && (saved < last.saved || recorded < last.recorded)) this.samples = []
    this.samples = this.samples.filter((sample) => at - sample.at <= WINDOW_MS)
    this.samples.push({ at, saved, recorded })
  }

  /** There are two counts to compare. */
  get knows(): boolean {
    return this.samples.length > 1
  }

  /** Nothing was counted for the whole of the window, as far as it is known. */
  get isStill(): boolean {
    const { saved, recorded } = this.rate
    return saved === 0 && recorded === 0
  }

  /** To one decimal place. */
  get rate(): Counted {
    const [first] = this.samples
    const last = this.samples.at(-1)
    if (!first || !last || last.at === first.at) return { saved: 0, recorded: 0 }
    const perSecond = (grown: number): number => Math.round((grown * 10_000) / (last.at - first.at)) / 10
    return { saved: perSecond(last.saved - first.saved), recorded: perSecond(last.recorded - first.recorded) }
  }
}
