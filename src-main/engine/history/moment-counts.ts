/** What the newest moment has come to, while versions are added to it. */
export class MomentCounts {
  constructor(
    /** The first version of the moment. */
    private firstVersion: number,
    /** Files it touched, and those of them that are gone by now. */
    public files: number,
    public gone: number,
  ) {}

  /** Deletions of the newest change. */
  removed = 0

  /** The next versions are those of another change; null: it continues the moment. */
  begin(moment: { readonly firstVersion: number } | null): void {
    this.removed = 0
    if (moment) Object.assign(this, { firstVersion: moment.firstVersion, files: 0, gone: 0 })
  }

  /** A file gets its next version. */
  take(file: { readonly newest: number; readonly deleted: boolean }, deleted: boolean): void {
    const touched = file.newest >= this.firstVersion
    if (!touched) this.files++
    else if (file.deleted) this.gone--
    if (!deleted) return
    this.gone++
    this.removed++
  }
}
