/**
 * Which names of working/ may not be on the disk yet. A file system keeps each rename whole, but nothing is assumed of the
 * order in which several steps reach the disk. Where one of them alone would take the last name from a file whose content
 * only working/ has, those before it are synced first:
 *
 * - a name goes while the file has another: that one may be new;
 * - a directory goes: what was moved out of it may still be in it there;
 * - something comes into a directory, and was there before: the directory, or one above it, may be new.
 *
 * What is made new needs none of this: the log has all of it until working/ was synced.
 */
export class UnsyncedNames {
  // Of what an earlier run did, nobody knows.
  private links = true
  private moves = true
  private directories = true
  /** Made by the plan that is run. */
  private readonly fresh = new Map<number, 'directory' | 'other'>()

  begin(): void {
    this.fresh.clear()
  }

  born(ino: number, directory: boolean): void {
    this.fresh.set(ino, directory ? 'directory' : 'other')
  }

  lifted(): void {
    this.moves = true
  }

  linked(): void {
    this.links = true
  }

  placed(ino: number): void {
    if (this.fresh.get(ino) === 'directory') this.directories = true
  }

  synced(): void {
    this.links = this.moves = this.directories = false
  }

  /** Whether to sync before a name goes. */
  beforeUnlink(directory: boolean, links: number): boolean {
    return directory ? this.moves : this.links && links > 1
  }

  /** Whether to sync before tmp/{ino} takes its place. */
  beforePlace(ino: number): boolean {
    return this.directories && !this.fresh.has(ino)
  }
}
