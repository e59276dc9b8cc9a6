import { app, BrowserWindow, Menu } from 'electron'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { appCommandFile } from '../client/app-command.ts'
import { centralDirectoryPath } from '../engine/config/locations.ts'
import { EngineLink } from '../window/engine-link.ts'
import { applicationMenu } from './application-menu.ts'
import { appHandlers } from './handlers.ts'
import { Windows } from './ipc.ts'
import { type Launch, placesOfPath, routeOfPath } from './launch.ts'
import { Notifier } from './notify/notifier.ts'
import { servePages } from './pages.ts'
import { ProjectsView } from './projects-view.ts'
import { drainAndUnmount } from './quit.ts'
import { replaceFile } from '../window/replace-file.ts'
import { Settings } from '../window/settings.ts'
import { TrayActions } from './tray/tray-actions.ts'
import { ProjectTray } from './tray/tray.ts'
import { watchTrayHost } from './tray/tray-host.ts'
import { openWindow } from './window.ts'

interface Places {
  /** Directory of the bundles. */
  readonly out: string
  readonly temporary: string
}

/** The app as a whole: one engine, its window, the tray, what is said to the user, and how it ends. */
export class DesktopApp {
  private readonly engine = new EngineLink()
  private readonly windows = new Windows()
  private readonly assets: string
  private tray!: ProjectTray
  private view!: ProjectsView
  private settings!: Settings
  private notifier!: Notifier
  /** Quitting was begun; a second time ends at once. */
  private quitting: AbortController | null = null

  constructor(private readonly places: Places) {
    this.assets = join(places.out, '../assets')
  }

  async start(launch: Launch): Promise<void> {
    Menu.setApplicationMenu(applicationMenu(!app.isPackaged))
    servePages(join(this.places.out, 'renderer'))
    this.settings = await Settings.open(join(app.getPath('userData'), 'settings.json'), (now) =>
      this.windows.tell('app.settingsChanged', now),
    )
    const actions = new TrayActions(this.engine, {
      show: (route) => this.show(route),
      quit: () => app.quit(),
      projects: () => this.view.current,
      failed: (title, body) => this.notifier.tell({ title, body, route: '/' }),
    })
    this.tray = new ProjectTray(this.assets, (action) => void actions.act(action))
    this.notifier = new Notifier({
      level: () => this.settings.current.notifications,
      show: (route) => this.show(route),
      icon: this.icon,
      disk: await centralDirectoryPath(),
    })
    this.view = new ProjectsView(this.engine, (view) => {
      this.tray.show(view)
      this.notifier.follow(view)
    })
    const parts = {
      engine: this.engine,
      settings: this.settings,
      temporary: this.places.temporary,
      icon: this.icon,
      command: launchCommand(),
      tray: () => this.tray.present,
      quitNow: () => app.exit(0),
    }
    this.windows.serve(this.engine, (sender) => appHandlers(parts, sender))
    await this.leaveCommand(parts.command)
    app.on('window-all-closed', () => this.lastWindowClosed())
    app.on('before-quit', (event) => {
      if (this.drain()) event.preventDefault()
    })
    app.on('activate', () => this.show(null))
    void watchTrayHost((present) => this.tray.setHost(present))
    const started = this.engine.start().catch(() => undefined)
    if (launch.hidden) return
    await this.follow(launch, started)
  }

  /** Does what a command line asks for. */
  async follow(launch: Launch, engine: Promise<unknown> = this.engine.start().catch(() => undefined)): Promise<void> {
    if (launch.hidden) return
    if (launch.history === null) return this.show(launch.route)
    this.show(null)
    await engine
    const { projects } = this.view.current
    for (const path of await placesOfPath(launch.history)) {
      const route = routeOfPath(path, projects)
      if (route !== null) return this.show(route)
    }
    this.show(`/?${new URLSearchParams({ text: launch.history.split('/').at(-1) ?? '' }).toString()}`)
  }

  /** For `ize open` and the file managers' menus. */
  private async leaveCommand(command: readonly string[]): Promise<void> {
    await mkdir(dirname(appCommandFile()), { recursive: true, mode: 0o700 })
    await replaceFile(appCommandFile(), `${JSON.stringify({ command })}\n`)
  }

  /** Brings the window to the front, at the route if there is one. */
  private show(route: string | null): void {
    const [window] = BrowserWindow.getAllWindows()
    if (!window) {
      openWindow(
        { out: this.places.out, place: join(app.getPath('userData'), 'window.json'), icon: this.icon },
        route ?? '/',
      )
      return
    }
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
    if (route !== null) this.windows.show(route)
  }

  private lastWindowClosed(): void {
    const { settings, view } = this
    const mounted = view.current.projects.filter((project) => project.mounted)
    if (mounted.length > 0 && !settings.current.toldOfEngine) {
      this.notifier.tell({
        title: 'Ize goes on remembering',
        body: 'Projects stay mounted and everything in them is kept, also without this window.',
        route: '/settings/desktop',
      })
      void settings.change({ toldOfEngine: true })
    }
    if (!this.tray.present) app.quit()
  }

  /** Whether quitting has to wait for it. */
  private drain(): boolean {
    const mounted = this.view.current.projects.some((project) => project.mounted)
    if (this.quitting || this.settings.current.onQuit === 'leave-mounted' || !mounted) {
      this.engine.close()
      return false
    }
    this.quitting = new AbortController()
    void drainAndUnmount(
      this.engine,
      this.view,
      (progress) => this.windows.tell('app.quitting', progress),
      this.quitting.signal,
    ).then((left) => {
      for (const { why } of left) this.notifier.tell({ title: 'A project stays mounted', body: why, route: '/' })
      app.quit()
    })
    return true
  }

  private get icon(): string {
    return join(this.assets, 'icons/256.png')
  }
}

/** What starts this app again: an AppImage by its own file, a checkout by the runtime and its folder. */
function launchCommand(): string[] {
  const image = process.env['APPIMAGE']
  if (image) return [image]
  return app.isPackaged ? [process.execPath] : [process.execPath, ...sandboxSwitches(), app.getAppPath()]
}

function sandboxSwitches(): string[] {
  return process.argv.filter((word) => word === '--no-sandbox')
}
