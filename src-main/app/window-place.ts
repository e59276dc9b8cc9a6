import { screen, type BrowserWindow, type Rectangle } from 'electron'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { replaceFile } from '../window/replace-file.ts'

const place = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(200),
  height: z.number().int().min(200),
  maximized: z.boolean(),
})
export type Place = z.infer<typeof place>

const WRITE_MS = 1000

/** Where the window was last; null: never, or no screen shows that place any more. */
export function rememberedPlace(file: string): Place | null {
  try {
    const found = place.parse(JSON.parse(readFileSync(file, 'utf8')))
    return screen.getAllDisplays().some(({ workArea }) => overlaps(workArea, found)) ? found : null
  } catch {
    // A place that cannot be read is one that is not remembered.
    return null
  }
}

/** Keeps the file as the window is moved. On Wayland a window is not told where it is: its size alone counts there. */
export function rememberPlace(window: BrowserWindow, file: string): void {
  let timer: NodeJS.Timeout | null = null
  const write = (): void => {
    timer = null
    if (window.isDestroyed() || window.isMinimized()) return
    const now: Place = { ...window.getNormalBounds(), maximized: window.isMaximized() }
    // What is lost here is a place on the screen.
    replaceFile(file, JSON.stringify(now)).catch(() => undefined)
  }
  const later = (): void => {
    timer ??= setTimeout(write, WRITE_MS)
  }
  for (const event of ['move', 'resize', 'maximize', 'unmaximize'] as const) window.on(event as 'move', later)
  window.on('close', () => {
    if (timer) clearTimeout(timer)
    write()
  })
}

function overlaps(area: Rectangle, { x, y, width, height }: Rectangle): boolean {
  const across = Math.min(area.x + area.width, x + width) - Math.max(area.x, x)
  const down = Math.min(area.y + area.height, y + height) - Math.max(area.y, y)
  return across > 100 && down > 50
}
