import type { z } from 'zod'
import { textToPath } from '../../../src-preload/path-text.ts'
import type { changeFilter, entryFilter } from '../../../src-preload/schemas.ts'
import type { ChangeFilter, HistoryFilter } from '../history/history-filter.ts'
import { fromTimestamp } from './timestamp.ts'

/** A filter of the contract, as the history thread takes it. */
export function readEntryFilter({
  since,
  until,
  grep,
  ...rest
}: z.infer<typeof entryFilter> & z.infer<typeof changeFilter>): HistoryFilter & ChangeFilter {
  return {
    ...rest,
    ...(since === undefined ? {} : { since: fromTimestamp(since) }),
    ...(until === undefined ? {} : { until: fromTimestamp(until) }),
    ...(grep === undefined ? {} : { path: textToPath(grep) }),
  }
}
