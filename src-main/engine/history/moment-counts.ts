/** What the newest moment has come to, while versions are added to it. */
export class MomentCounts {
  constructor(
    /** The first version of the moment. */
    private firstVersion: number,
    /** Files and folders it touched, and those of them that are gone by now. */
    public files: number,
    public gone: number,
    /** How many of these are folders. */
    public folders: number,
    public goneFolders: number,
  ) {}

  /** Deletions of the newest change. */
  removed = 0

  /** The next versions are those of another change; null: it continues the moment. */
  begin(moment: { readonly firstVersion: number } | null): void {
    this.removed = 0
    if (moment)
      Object.assign(this, { firstVersion: moment.firstVersion, files: 0, gone: 0, folders: 0, goneFolders: 0 })
  }

  /** A file gets its next version. */
  take(
    file: { readonly newest: number; readonly deleted: boolean; readonly directory: boolean },
    version: { readonly deleted: boolean; readonly directory: boolean },
  ): void {
    if (file.newest < this.firstVersion) this.add(1, version.directory)
    else {
      if (file.directory !== version.directory) this.folders += version.directory ? 1 : -1
      if (file.deleted) this.lose(-1, file.directory)
    }
    if (!version.deleted) return
    this.lose(1, version.directory)
    this.removed++
  }

  private add(count: number, directory: boolean): void {
    this.files += count
    if (directory) this.folders += count
  }

  private lose(count: number, directory: boolean): void {
    this.gone += count
    if (directory) this.goneFolders += count
  }
}
