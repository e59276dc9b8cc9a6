import { assertNever } from '../assert-never.ts'
import { pijulPath } from './pijul-names.ts'

/**
 * What Pijul holds in place of a file it cannot or should not hold itself: a few readable lines. Whether a Pijul file is
 * a pointer is said by the change's metadata (`text`), never guessed from these lines.
 */
export type Pointer =
  /** Binary, or larger than `history.text-limit`; `object` is the BLAKE3 address in `objects/`. */
  | { readonly kind: 'file'; readonly size: number; readonly object: string }
  | { readonly kind: 'symlink'; readonly target: string }
  /** st_mode and the device as FUSE encodes it. */
  | { readonly kind: 'special'; readonly mode: number; readonly rdev: number }

const HEADER = 'This file stands for content that Ize keeps beside Pijul; "ize export" brings it back.'
const S_IFMT = 0o170000
const specials: Readonly<Record<number, string>> = {
  0o010000: 'fifo',
  0o020000: 'character device',
  0o060000: 'block device',
  0o140000: 'socket',
}

export function pointerText(pointer: Pointer): Buffer {
  return Buffer.from([HEADER, ...describe(pointer), ''].join('\n'), 'utf8')
}

function describe(pointer: Pointer): string[] {
  switch (pointer.kind) {
    case 'file':
      return ['kind: file', `size: ${pointer.size}`, `blake3: ${pointer.object}`]
    case 'symlink':
      return ['kind: symlink', `target: ${readable(pointer.target)}`]
    case 'special':
      return [`kind: ${specials[pointer.mode & S_IFMT] ?? 'special file'}`, ...device(pointer)]
    default:
      return assertNever(pointer, 'pointer')
  }
}

function device({ mode, rdev }: { mode: number; rdev: number }): string[] {
  if ((mode & S_IFMT) !== 0o020000 && (mode & S_IFMT) !== 0o060000) return []
  // new_encode_dev of the kernel: 12 bits of major in the middle, 8 + 12 bits of minor around them.
  return [`device: ${(rdev >>> 8) & 0xfff}:${(rdev & 0xff) | ((rdev >>> 12) & 0xfff00)}`]
}

/** A target may hold any byte but NUL; here it stays on one line and valid UTF-8. */
function readable(target: string): string {
  return pijulPath(target)
}
