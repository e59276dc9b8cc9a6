import { z } from 'zod'
import type { Page } from './devtools.ts'

/** What the page itself measures, so that no way to it and back counts. */
const IN_PAGE = `window.izeBench ??= {
  tasks: [],
  painted: () => new Promise((done) => requestAnimationFrame(() => setTimeout(done))),
  until: (holds) => new Promise((done, fail) => {
    const late = setTimeout(() => { watch.disconnect(); fail(new Error('It did not come: ' + holds)) }, 60000)
    const look = () => {
      if (!holds()) return
      watch.disconnect()
      clearTimeout(late)
      done(window.izeBench.painted().then(() => performance.now()))
    }
    const watch = new MutationObserver(look)
    watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
    look()
  }),
}`

/** Milliseconds from doing something in the page until something holds and is painted. Both are expressions. */
export async function shownAfter(page: Page, act: string, holds: string): Promise<number> {
  const spent = await page.evaluate(`${IN_PAGE};
  (async () => {
    await izeBench.painted()
    const begun = performance.now()
    ${act}
    return (await izeBench.until(() => ${holds})) - begun
  })()`)
  return z.number().parse(spent)
}

/** When something held and was painted, in milliseconds since 1970. */
export async function shownAt(page: Page, holds: string): Promise<number> {
  const look = (): Promise<unknown> =>
    page.evaluate(`${IN_PAGE}; izeBench.until(() => ${holds}).then(() => Date.now())`)
  // A page that is being loaded takes the place of the empty one that was asked.
  const found = await look().catch((error: Error) =>
    /navigated|context/i.test(error.message) ? look() : Promise.reject(error),
  )
  return z.number().parse(found)
}

const traced = z.object({
  value: z.array(
    z.object({
      name: z.string(),
      pid: z.number(),
      tid: z.number(),
      dur: z.number().optional(),
      args: z.unknown().optional(),
    }),
  ),
})
const named = z.object({ name: z.string() })

export interface Tasks {
  /** Milliseconds of the longest piece of work on the thread of the page. */
  readonly longest: number
  /** How many took more than 50. */
  readonly long: number
}

const LONG_MS = 50

/** How long the thread of the page was busy in one piece while `work` went on. */
export async function tasksDuring(page: Page, work: () => Promise<unknown>): Promise<Tasks> {
  const events: z.infer<typeof traced>['value'] = []
  page.on('Tracing.dataCollected', (params) => events.push(...traced.parse(params).value))
  const complete = new Promise<void>((resolve) => page.on('Tracing.tracingComplete', () => resolve()))
  await page.send('Tracing.start', { categories: '-*,disabled-by-default-devtools.timeline,__metadata' })
  try {
    await work()
  } finally {
    await page.send('Tracing.end')
    await complete
  }
  const mains = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && named.safeParse(args).data?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  )
  const spent = events
    .filter(({ name, pid, tid }) => name === 'RunTask' && mains.has(`${pid} ${tid}`))
    .map(({ dur = 0 }) => dur / 1000)
  if (spent.length === 0) throw new Error('The trace tells of no work in the page.')
  return { longest: Math.max(...spent), long: spent.filter((ms) => ms > LONG_MS).length }
}
