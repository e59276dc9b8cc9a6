import { Menu, nativeImage, Tray, type MenuItemConstructorOptions } from 'electron'
import { join } from 'node:path'
import type { View } from '../projects-view.ts'
import { trayIcon, trayMenu, type TrayAction, type TrayLine } from './tray-menu.ts'

/** Changes that come faster than this are shown together: some hosts build the menu anew for each. */
const SHOW_MS = 500

/** The icon in the desktop's tray. Everything it offers is in its menu: no desktop promises a click. */
export class ProjectTray {
  private tray: Tray | null = null
  private view: View | null = null
  private shown = ''
  private timer: NodeJS.Timeout | null = null

  constructor(
    private readonly assets: string,
    private readonly act: (action: TrayAction) => void,
  ) {}

  get present(): boolean {
    return this.tray !== null
  }

  /** Shows it where there is a host, and takes it away with the host. */
  setHost(present: boolean): void {
    if (present === this.present) return
    if (present) {
      this.tray = new Tray(this.image('idle'))
      this.tray.setToolTip('Ize')
      this.tray.on('click', () => this.act({ kind: 'show', route: '/' }))
      this.draw()
    } else {
      this.tray?.destroy()
      this.tray = null
      this.shown = ''
    }
  }

  show(view: View): void {
    this.view = view
    this.timer ??= setTimeout(() => {
      this.timer = null
      this.draw()
    }, SHOW_MS)
  }

  private draw(): void {
    if (!this.tray || !this.view) return
    const icon = trayIcon(this.view)
    const lines = trayMenu(this.view)
    const shown = JSON.stringify([icon, lines])
    if (shown === this.shown) return
    this.shown = shown
    this.tray.setImage(this.image(icon))
    this.tray.setContextMenu(Menu.buildFromTemplate(lines.map((line) => this.item(line))))
  }

  private item(line: TrayLine): MenuItemConstructorOptions {
    switch (line.kind) {
      case 'separator':
        return { type: 'separator' }
      case 'text':
        return { label: plain(line.label), enabled: false }
      case 'action':
        return { label: plain(line.label), click: () => this.act(line.action) }
      case 'menu':
        return { label: plain(line.label), submenu: line.lines.map((one) => this.item(one)) }
    }
  }

  private image(icon: string): Electron.NativeImage {
    return nativeImage.createFromPath(join(this.assets, 'tray', `${icon}.png`))
  }
}

/** Menus take `&` (and over D-Bus `_`) as the mark of a shortcut. */
function plain(label: string): string {
  return label.replaceAll('&', '&&')
}
