import fc from 'fast-check'
import type { Ino, NewOperation } from '../../../src-main/engine/oplog/operation.ts'

/** A string of bytes as the engine holds names: one char per byte, no NUL. */
export function bytes(maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)), maxLength })
}

const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
const u53 = fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 0xffff_ffff, 0x1_0000_0000, Number.MAX_SAFE_INTEGER))
const seconds = fc.oneof(
  fc.integer(),
  fc.constantFrom(0, -1, -0x1_0000_0000, -0x1_0000_0001, 253402300799, -62135596800),
)
const nanoseconds = fc.integer({ min: 0, max: 999_999_999 })
const ino = u53.map((n) => n as Ino)
const path = fc.oneof(
  { weight: 20, arbitrary: bytes(200) },
  {
    weight: 1,
    arbitrary: fc.tuple(bytes(16), fc.integer({ min: 0, max: 65536 })).map(([s, n]) => s.padEnd(n, '/\xff')),
  },
)
const head = { ino, pid: u32, sec: seconds, nsec: nanoseconds, path }
const make = { mode: u32, uid: u32, gid: u32 }

function of<T extends NewOperation['type'], F extends object>(
  type: T,
  fields: { [K in keyof F]: fc.Arbitrary<F[K]> },
): fc.Arbitrary<NewOperation> {
  return fc.record({ type: fc.constant(type), ...head, ...fields } as never) as fc.Arbitrary<NewOperation>
}

/** Every kind of operation that has no data behind it; the record says so when one is missing. */
const WITHOUT_DATA: Record<Exclude<NewOperation['type'], 'write'>, fc.Arbitrary<NewOperation>> = {
  create: of('create', make),
  mkdir: of('mkdir', make),
  mknod: of('mknod', { ...make, rdev: u32 }),
  symlink: of('symlink', { ...make, target: bytes(4095) }),
  link: of('link', { from: path }),
  truncate: of('truncate', { size: u53, kill: fc.boolean() }),
  delete: of('delete', {}),
  rmdir: of('rmdir', {}),
  rename: of('rename', { to: path, flags: u32, replaced: u53 }),
  setattr: of('setattr', {
    valid: u32,
    mode: u32,
    uid: u32,
    gid: u32,
    aSec: seconds,
    aNsec: nanoseconds,
    mSec: seconds,
    mNsec: nanoseconds,
  }),
  setxattr: of('setxattr', { name: bytes(255), value: fc.uint8Array({ maxLength: 300 }) }),
  removexattr: of('removexattr', { name: bytes(255) }),
  allocate: of('allocate', { mode: u32, offset: u53, length: u53 }),
  close: of('close', {}),
  program: of('program', { process: u32, start: u53, name: bytes(300) }),
}

export interface Step {
  readonly op: NewOperation
  readonly data: Uint8Array
}

const write: fc.Arbitrary<Step> = fc
  .tuple(of('write', { offset: u53, length: fc.constant(0), kill: fc.boolean() }), fc.uint8Array({ maxLength: 400 }))
  .map(([op, data]) => ({ op: { ...op, length: data.length } as NewOperation, data }))

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: write },
  ...Object.values(WITHOUT_DATA).map((arbitrary) => ({
    weight: 1,
    arbitrary: arbitrary.map((op): Step => ({ op, data: new Uint8Array(0) })),
  })),
)

export const steps: fc.Arbitrary<Step[]> = fc.array(step, { minLength: 1, maxLength: 25 })

/** A write that is easy to tell from others. */
export function plainWrite(n: number, data: Uint8Array): Step {
  return {
    op: {
      type: 'write',
      ino: (2 + n) as Ino,
      pid: 1000 + n,
      sec: 1_700_000_000 + n,
      nsec: n,
      path: `dir/file-${n}`,
      offset: n * 7,
      length: data.length,
      kill: false,
    },
    data,
  }
}
