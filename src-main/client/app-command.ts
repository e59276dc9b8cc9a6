import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { userConfigFile } from '../engine/config/locations.ts'

const schema = z.object({ command: z.array(z.string()).min(1) })

/** The file in which the desktop app, each time it starts, leaves the words that start it. */
export function appCommandFile(): string {
  return join(dirname(userConfigFile()), 'app.json')
}

/** What starts the desktop app; null: it was never started here. */
export function appCommand(): readonly string[] | null {
  try {
    return schema.parse(JSON.parse(readFileSync(appCommandFile(), 'utf8'))).command
  } catch {
    // Absent or not ours: as if it was never started.
    return null
  }
}
