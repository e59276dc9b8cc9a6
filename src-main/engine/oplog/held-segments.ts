import { reached } from '../sys/failpoint.ts'
import type { SegmentFile } from './segment-file.ts'

/** The segments a writer holds open, oldest first: all of the log, and what is removed but still pointed into. */
export class HeldSegments {
  private readonly list: SegmentFile[] = []
  /** Operations in the segments that still have a name; markers do not count. */
  operations = 0

  /** `from` is the global position where the oldest segment with a name starts, or the log's end. */
  constructor(public from: number) {}

  add(segment: SegmentFile): void {
    this.list.push(segment)
    this.operations += segment.operations
  }

  /** Takes the newest away as if it had never been. */
  discard(segment: SegmentFile): void {
    segment.remove()
    segment.close()
    this.list.pop()
  }

  /** Those that are still part of the log and reach beyond a position. */
  beyond(position: number): SegmentFile[] {
    return this.list.filter((segment) => !segment.isRemoved && segment.end > position)
  }

  find(position: number): SegmentFile | undefined {
    let low = 0
    let high = this.list.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.list[middle]?.start ?? 0) <= position) low = middle
      else high = middle - 1
    }
    const segment = this.list[low]
    return segment !== undefined && position >= segment.start && position < segment.end ? segment : undefined
  }

  /** See OplogWriter.drop; `active` is never touched. */
  drop(
    upTo: number,
    active: SegmentFile | null,
    isPinned: (startPosition: number, endPosition: number) => boolean,
  ): void {
    for (const segment of [...this.list]) {
      if (segment === active || segment.end > upTo) return
      if (!segment.isRemoved) {
        segment.remove()
        reached('segment-removed')
        this.operations -= segment.operations
        this.from = segment.end
      }
      if (isPinned(segment.start, segment.end)) continue
      this.list.splice(this.list.indexOf(segment), 1)
      segment.close()
    }
  }

  close(): void {
    for (const segment of this.list.splice(0)) segment.close()
  }
}
