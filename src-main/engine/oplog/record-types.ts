import type { OpType } from './operation.ts'

/** Numbers of the record types on disk. A number is never given to another type, not even when its type is gone. */
export const RECORD_TYPES = {
  create: 1,
  mkdir: 2,
  mknod: 3,
  symlink: 4,
  link: 5,
  write: 6,
  truncate: 7,
  delete: 8,
  rmdir: 9,
  rename: 10,
  setattr: 11,
  setxattr: 12,
  removexattr: 13,
  allocate: 14,
  close: 15,
  program: 16,
} as const satisfies Record<OpType, number>

const NAMES = new Map<number, OpType>(Object.entries(RECORD_TYPES).map(([name, number]) => [number, name as OpType]))

export function recordType(number: number): OpType | undefined {
  return NAMES.get(number)
}

/** The same question as `isMarker`, asked of the number on disk. */
export function isMarkerType(number: number): boolean {
  return number === RECORD_TYPES.close || number === RECORD_TYPES.program
}
