import { Notification } from 'electron'
import { statfs } from 'node:fs'
import type { AppSettings } from '../../../src-preload/app-contract.ts'
import type { View } from '../projects-view.ts'
import { type Space, worriesOf, type Worry } from './worries.ts'

/** How often the disk is looked at, and changes that only come with time. */
const LOOK_MS = 60_000

interface NotifierOptions {
  readonly level: () => AppSettings['notifications']
  readonly show: (route: string) => void
  readonly icon: string
  /** A folder of the disk that the projects are on. */
  readonly disk: string
}

/** Says what is worrying, once for as long as it lasts; a click shows what it speaks of. */
export class Notifier {
  private readonly said = new Set<string>()
  private view: View | null = null
  private space: Space | null = null

  constructor(private readonly options: NotifierOptions) {
    const look = (): void => {
      void readSpace(options.disk).then((space) => {
        this.space = space
        this.look()
      })
    }
    setInterval(look, LOOK_MS).unref()
    look()
  }

  follow(view: View): void {
    this.view = view
    this.look()
  }

  /** News that is no worry. */
  tell(news: Omit<Worry, 'id'>): void {
    if (this.options.level() === 'all') this.notify(news)
  }

  private look(): void {
    if (!this.view) return
    const worries = worriesOf(this.view, this.space)
    const present = new Set(worries.map(({ id }) => id))
    for (const id of this.said) if (!present.has(id)) this.said.delete(id)
    for (const worry of worries) {
      if (this.said.has(worry.id)) continue
      this.said.add(worry.id)
      if (this.options.level() !== 'none') this.notify(worry)
    }
  }

  private notify({ title, body, route }: Omit<Worry, 'id'>): void {
    const notification = new Notification({ title, body, icon: this.options.icon })
    notification.on('click', () => this.options.show(route))
    notification.show()
  }
}

/** Null where the runtime's Node cannot tell (before 18). */
async function readSpace(folder: string): Promise<Space | null> {
  if (typeof (statfs as typeof statfs | undefined) !== 'function') return null
  return new Promise((resolve) => {
    statfs(folder, (error, found) => {
      resolve(error ? null : { free: found.bavail * found.bsize, total: found.blocks * found.bsize })
    })
  })
}
