import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { appSettings, type AppSettings } from '../../src-preload/app-contract.ts'
import { replaceFile } from './replace-file.ts'

export const defaults: AppSettings = {
  theme: 'system',
  density: 'comfortable',
  notifications: 'all',
  onQuit: 'leave-mounted',
  letterShortcuts: true,
  diff: { layout: 'side-by-side', words: true, ignoreWhiteSpace: false, wrap: false },
  welcomed: false,
  toldOfEngine: false,
}

/** What the user chose of how the app looks and behaves; a file that cannot be read as such counts as absent. */
export class Settings {
  private constructor(
    private readonly file: string,
    private now: AppSettings,
    private readonly changed: (settings: AppSettings) => void,
  ) {}

  static async open(file: string, changed: (settings: AppSettings) => void): Promise<Settings> {
    const found = await readFile(file, 'utf8').then(parse, () => null)
    return new Settings(file, { ...defaults, ...found }, changed)
  }

  get current(): AppSettings {
    return this.now
  }

  async change(part: Partial<AppSettings>): Promise<AppSettings> {
    this.now = { ...this.now, ...part }
    await mkdir(dirname(this.file), { recursive: true, mode: 0o700 })
    await replaceFile(this.file, `${JSON.stringify(this.now, null, 2)}\n`)
    this.changed(this.now)
    return this.now
  }
}

function parse(text: string): Partial<AppSettings> | null {
  try {
    const found = appSettings.partial().safeParse(JSON.parse(text))
    return found.success ? (found.data as Partial<AppSettings>) : null
  } catch {
    return null
  }
}
