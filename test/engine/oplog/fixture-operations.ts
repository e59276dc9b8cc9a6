import type { Ino, NewOperation } from '../../../src-main/engine/oplog/operation.ts'
import type { Step } from './operations.ts'

const at = { pid: 4711, sec: 1_764_000_000, nsec: 123_456_789 }
const make = { mode: 0o100644, uid: 1000, gid: 100 }

function without(op: NewOperation): Step {
  return { op, data: new Uint8Array(0) }
}

/** What the logs in test/fixtures/disk/v1/oplog hold, one operation of every type. These files never change. */
export const FIXTURE_STEPS: readonly Step[] = [
  without({ type: 'program', ...at, ino: 0 as Ino, path: '', process: 4710, start: 987654, name: 'vim\0notes.txt' }),
  without({ type: 'mkdir', ...at, ino: 2 as Ino, path: 'dir', ...make, mode: 0o40755 }),
  without({ type: 'create', ...at, ino: 3 as Ino, path: 'dir/caf\xc3\xa9 \xff', ...make }),
  {
    op: {
      type: 'write',
      ...at,
      ino: 3 as Ino,
      path: 'dir/caf\xc3\xa9 \xff',
      offset: 5_000_000_000,
      length: 6,
      kill: true,
    },
    data: Buffer.from('hello\n'),
  },
  without({ type: 'truncate', ...at, ino: 3 as Ino, path: 'dir/caf\xc3\xa9 \xff', size: 17, kill: false }),
  without({ type: 'link', ...at, ino: 3 as Ino, path: 'second', from: 'dir/caf\xc3\xa9 \xff' }),
  without({
    type: 'rename',
    ...at,
    ino: 3 as Ino,
    path: 'second',
    to: 'third',
    flags: 1,
    replaced: 9_007_199_254_740_991 as Ino,
  }),
  without({
    type: 'setattr',
    ...at,
    sec: -1,
    ino: 3 as Ino,
    path: 'third',
    valid: 31,
    mode: 0o104711,
    uid: 4_294_967_294,
    gid: 7,
    aSec: -62_135_596_800,
    aNsec: 1,
    mSec: 253_402_300_799,
    mNsec: 999_999_999,
  }),
  without({
    type: 'setxattr',
    ...at,
    ino: 3 as Ino,
    path: 'third',
    name: 'user.note',
    value: new Uint8Array([0, 1, 254, 255]),
  }),
  without({ type: 'removexattr', ...at, ino: 3 as Ino, path: 'third', name: 'user.note' }),
  without({ type: 'allocate', ...at, ino: 3 as Ino, path: 'third', mode: 3, offset: 4096, length: 8192 }),
  without({ type: 'close', ...at, ino: 3 as Ino, path: 'third' }),
  without({ type: 'symlink', ...at, ino: 4 as Ino, path: 'link', ...make, mode: 0o120777, target: '../elsewhere' }),
  without({ type: 'mknod', ...at, ino: 5 as Ino, path: 'fifo', ...make, mode: 0o20600, rdev: 0x0103 }),
  without({ type: 'delete', ...at, ino: 5 as Ino, path: 'fifo' }),
  without({ type: 'rmdir', ...at, ino: 2 as Ino, path: 'dir' }),
]
