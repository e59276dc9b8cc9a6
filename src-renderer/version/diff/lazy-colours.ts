import { type ColourRun, colourLines } from './colours.ts'

/** Lines that are coloured together, and those before them that are read for what goes on from there. */
const SLICE = 100
const LEAD = 100

/** The colours of lines that stand one below the other, found where they are looked at: all of a long text takes seconds. */
export class LazyColours {
  private readonly slices = new Map<number, readonly (readonly ColourRun[])[]>()

  constructor(
    private readonly lines: readonly string[],
    private readonly language: string,
  ) {}

  /** Finds them for a line, by its place from 0. Whether they were not known before. */
  bring(place: number): boolean {
    const slice = Math.floor(place / SLICE)
    if (this.slices.has(slice) || !(place >= 0 && place < this.lines.length)) return false
    const from = slice * SLICE
    const lead = Math.min(LEAD, from)
    const found = colourLines(this.lines.slice(from - lead, from + SLICE), this.language)
    this.slices.set(slice, found?.slice(lead) ?? [])
    return found !== null
  }

  /** None as long as they were not brought. */
  of(place: number): readonly ColourRun[] {
    return this.slices.get(Math.floor(place / SLICE))?.[place % SLICE] ?? []
  }
}
