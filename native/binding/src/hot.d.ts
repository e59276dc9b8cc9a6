/**
 * Polls (spins) for `spinNs`, then sleeps until `fd` (non-blocking) or `controlFd` (an eventfd) is ready. Returns the
 * bytes read into `buf`, 0 when `controlFd` fired (it is drained then), -ENODEV when unmounted. ENOENT, EINTR and EAGAIN
 * are retried. With `checkControl` the control descriptor is looked at first, even while requests keep coming.
 */
export declare function readRequest(
  fd: number,
  controlFd: number,
  buf: Bytes,
  offset: number,
  length: number,
  spinNs: number,
  checkControl: boolean,
): Sys

/** write(2) in one call. */
export declare function writeReply(fd: number, buf: Bytes, offset: number, length: number): Sys

/**
 * Stores the CRC-32C of buf[offset+4..offset+length), continued from `seed`, little-endian at buf[offset], then writes
 * all of it at `position`. Returns length, or -errno when not everything could be written.
 */
export declare function appendRecord(
  fd: number,
  buf: Bytes,
  offset: number,
  length: number,
  position: number,
  seed: number,
): Sys

/** CRC-32C of a part of `buf`, continued from `seed` (0 to begin). Throws when the part is not within `buf`. */
export declare function crc32c(buf: Bytes, offset: number, length: number, seed: number): number

/** Reads at `position` until the part is full; returns the bytes read, fewer at the end of the file. */
export declare function readAt(fd: number, buf: Bytes, offset: number, length: number, position: number): Sys

/** Writes at `position` until all is written; returns the bytes written, fewer when an error stopped it midway. */
export declare function writeAt(fd: number, buf: Bytes, offset: number, length: number, position: number): Sys
