import { constants } from 'node:fs'
import * as native from '../sys/native.ts'
import { CACHE_TAG, CACHE_TAG_BYTES, isCacheTag } from './ignore.ts'

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants

/** Whether an open directory holds a cache tag. A fifo of that name does not hold us up. */
export function hasCacheTag(directoryFd: number): boolean {
  const fd = native.openAt(directoryFd, CACHE_TAG, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0)
  if (fd < 0) return false
  const start = Buffer.alloc(CACHE_TAG_BYTES)
  const length = native.readAt(fd, start, 0, start.length, 0)
  native.closeFd(fd)
  return length === start.length && isCacheTag(start)
}
