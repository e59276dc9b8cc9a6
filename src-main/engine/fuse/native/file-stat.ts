import { blocksOf } from '../../namespace/content.ts'
import type { Inode } from '../../namespace/inode.ts'
import type { WorkingTree } from '../../namespace/working-tree.ts'
import { RESERVE_BYTES } from '../../oplog/reserve.ts'
import * as native from '../../sys/native.ts'
import { linksOf } from '../attributes.ts'
import type { Outcome } from './requests.ts'

const HIGH = 0x1_0000_0000

/** What fuse-native's getattr takes: times in whole milliseconds, none before 1970. */
export function fileStat(inode: Inode, tree: WorkingTree): Readonly<Record<string, number>> {
  return {
    mode: inode.mode,
    uid: inode.uid,
    gid: inode.gid,
    size: inode.size,
    nlink: linksOf(inode),
    ino: inode.ino,
    rdev: inode.rdev,
    blksize: 4096,
    blocks: blocksOf(inode, tree),
    atime: milliseconds(inode.aSec, inode.aNsec),
    mtime: milliseconds(inode.mSec, inode.mNsec),
    ctime: milliseconds(inode.cSec, inode.cNsec),
  }
}

/** What a directory's listing shows of a file. */
export function entryStat(inode: Inode): Readonly<Record<string, number>> {
  return { mode: inode.mode, ino: inode.ino }
}

/** The file system of a descriptor, less the log's reserve. Counts are 32 bits there: large disks get larger blocks. */
export function spaceStat(fd: number): Outcome {
  const facts = new Float64Array(9)
  const done = native.statFs(fd, facts)
  if (done < 0) return done
  const [, blocks, free, available, files, filesFree, , fragment] = [...facts] as number[]
  let unit = fragment || 4096
  let scale = 1
  while ((blocks ?? 0) / scale >= HIGH) {
    scale *= 2
    unit *= 2
  }
  const reserve = Math.ceil(RESERVE_BYTES / unit)
  const count = (of: number | undefined, less: number): number => Math.max(0, Math.floor((of ?? 0) / scale) - less)
  const whole = (of: number | undefined): number => Math.min(of ?? 0, HIGH - 1)
  return [
    0,
    {
      bsize: unit,
      frsize: unit,
      blocks: count(blocks, 0),
      bfree: count(free, reserve),
      bavail: count(available, reserve),
      files: whole(files),
      ffree: whole(filesFree),
      favail: whole(filesFree),
      namemax: 255,
    },
  ]
}

/** A time that fuse-native gives in milliseconds, perhaps before 1970. */
export function timeOf(milliseconds: number): { readonly sec: number; readonly nsec: number } {
  const sec = Math.floor(milliseconds / 1000)
  return { sec, nsec: (milliseconds - sec * 1000) * 1_000_000 }
}

function milliseconds(sec: number, nsec: number): number {
  return Math.max(0, sec * 1000 + Math.floor(nsec / 1_000_000))
}
