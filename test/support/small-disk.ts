import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type SmallDiskKind = 'tmpfs' | 'ext4'

/** A file system of its own, small enough to be filled: for root alone. */
export class SmallDisk {
  readonly folder: string
  private readonly ballast: string

  constructor(
    kind: SmallDiskKind,
    private readonly directory: string,
    megabytes: number,
    folder = join(directory, 'disk'),
  ) {
    this.folder = folder
    this.ballast = join(this.folder, 'ballast')
    mkdirSync(this.folder, { recursive: true })
    if (kind === 'tmpfs') run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', this.folder)
    else {
      const image = join(directory, 'image')
      run('truncate', '-s', `${megabytes}M`, image)
      run('mkfs.ext4', '-q', '-m', '0', image)
      run('mount', '-o', 'loop', image, this.folder)
    }
  }

  /** Something else takes all there is. */
  fill(): void {
    run('/bin/sh', '-c', 'cat /dev/zero > "$0" 2>/dev/null; sync "$0"', this.ballast)
  }

  /** Something else takes so much. */
  take(megabytes: number): void {
    writeFileSync(this.ballast, Buffer.alloc(megabytes << 20))
  }

  /** And goes. */
  free(): void {
    rmSync(this.ballast, { force: true })
  }

  remove(): void {
    run('umount', '-l', this.folder)
    rmSync(join(this.directory, 'image'), { force: true })
  }
}

function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] })
}
