import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

/** Keeps what the page shows as `{IZE_SCREENSHOTS}/{name}.png`, when that folder is named. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env['IZE_SCREENSHOTS']
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' })
}

/**
 * Drops files or folders as a file manager would: real drag events of the browser, real paths.
 * @param at where, in pixels of the page; default: its middle
 */
export async function dropPaths(page: Page, paths: readonly string[], at?: { x: number; y: number }): Promise<void> {
  const place = at ?? (await page.evaluate(() => ({ x: Math.round(innerWidth / 2), y: Math.round(innerHeight / 2) })))
  const session = await page.context().newCDPSession(page)
  // 1: a copy.
  const data = { items: [], files: [...paths], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, ...place, data })
  }
  await session.detach()
}

/** Drags files over the page without letting go; the answer lets them leave it again. */
export async function dragOver(page: Page, paths: readonly string[]): Promise<() => Promise<void>> {
  const place = await page.evaluate(() => ({ x: Math.round(innerWidth / 2), y: Math.round(innerHeight / 2) }))
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [...paths], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver'] as const) {
    await session.send('Input.dispatchDragEvent', { type, ...place, data })
  }
  return async () => {
    await session.send('Input.dispatchDragEvent', { type: 'dragCancel', ...place, data })
    await session.detach()
  }
}
