import { until } from '../../support/until.ts'
import type { Desktop } from './desktop.ts'

/** A line of the menu as the bus has it. */
export interface MenuLine {
  readonly id: number
  readonly label: string
  readonly enabled: boolean
  readonly lines: readonly MenuLine[]
}

const PANEL = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray"/>
  </property>
</channel>
`

/** Starts a panel that shows trays. */
export async function startPanel(desktop: Desktop): Promise<void> {
  await desktop.sh(
    `mkdir -p ~/".config/xfce4/xfconf/xfce-perchannel-xml"
    cat > ~/".config/xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml" <<'END'
${PANEL}END`,
  )
  desktop.start('xfce4-panel', ['--disable-wm-check'])
  await until(async () => /true/.test(await watcher(desktop, 'IsStatusNotifierHostRegistered')))
}

/** The item that the app put into the tray; its bus name and path. */
export async function trayItem(desktop: Desktop): Promise<{ name: string; path: string }> {
  let found: RegExpExecArray | null = null
  await until(async () => {
    found = /'([^'/]+)(\/[^']+)'/.exec(await watcher(desktop, 'RegisteredStatusNotifierItems'))
    return found !== null
  })
  const [, name = '', path = ''] = found ?? []
  return { name, path }
}

/** Its menu, asked for over the bus as panels do. */
export async function trayMenu(desktop: Desktop, item: { name: string; path: string }): Promise<MenuLine[]> {
  const text = await desktop.sh(
    `busctl --user --json=short call ${item.name} ${await menuPath(desktop, item)} com.canonical.dbusmenu GetLayout iias -- 0 -1 0`,
  )
  const { data } = JSON.parse(text) as { data: [number, Layout] }
  return linesOf(data[1])
}

/** Chooses a line, as a click on it does. */
export async function clickTray(desktop: Desktop, item: { name: string; path: string }, id: number): Promise<void> {
  await desktop.sh(
    `busctl --user call ${item.name} ${await menuPath(desktop, item)} com.canonical.dbusmenu Event isvu -- ${id} clicked s "" 0`,
  )
}

interface Value {
  readonly data: unknown
}
type Layout = readonly [id: number, properties: Readonly<Record<string, Value>>, children: readonly { data: Layout }[]]

function linesOf([, , children]: Layout): MenuLine[] {
  return children
    .map(({ data }) => data)
    .filter(([, properties]) => properties['type']?.data !== 'separator')
    .map((line) => ({
      id: line[0],
      label: textOf(line[1]['label']).replaceAll('__', '_'),
      enabled: line[1]['enabled']?.data !== false,
      lines: linesOf(line),
    }))
}

function textOf(value: Value | undefined): string {
  return typeof value?.data === 'string' ? value.data : ''
}

async function menuPath(desktop: Desktop, { name, path }: { name: string; path: string }): Promise<string> {
  const text = await desktop.sh(
    `busctl --user --json=short get-property ${name} ${path} org.kde.StatusNotifierItem Menu`,
  )
  return (JSON.parse(text) as { data: string }).data
}

async function watcher(desktop: Desktop, property: string): Promise<string> {
  const get = `gdbus call --session --dest org.kde.StatusNotifierWatcher --object-path /StatusNotifierWatcher --method org.freedesktop.DBus.Properties.Get org.kde.StatusNotifierWatcher ${property}`
  return desktop.sh(`${get} 2>/dev/null || true`)
}
