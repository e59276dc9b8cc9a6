import { sessionBus, type MessageBus, type ProxyInterface } from '@jellybrick/dbus-next'

const WATCHER = 'org.kde.StatusNotifierWatcher'
const PATH = '/StatusNotifierWatcher'

interface Properties extends ProxyInterface {
  Get(this: void, owner: string, name: string): Promise<{ readonly value: unknown }>
}

/**
 * Whether the desktop shows trays, as its session bus says, and again whenever that changes. Electron's own tray never
 * says that nobody shows it. Without a session bus there is none.
 */
export async function watchTrayHost(changed: (present: boolean) => void): Promise<() => void> {
  if (!process.env['DBUS_SESSION_BUS_ADDRESS']) {
    changed(false)
    return () => undefined
  }
  const bus = sessionBus()
  let known: boolean | null = null
  const look = async (): Promise<void> => {
    const present = await hostRegistered(bus)
    if (present === known) return
    known = present
    changed(present)
  }
  const lookAgain = (): void => void look().catch(() => changed(false))
  // A bus that breaks takes its tray with it.
  const end = (): void => changed(false)
  bus.on('error', end as never)
  try {
    const names = await bus.getProxyObject('org.freedesktop.DBus', '/org/freedesktop/DBus')
    names.getInterface('org.freedesktop.DBus').on('NameOwnerChanged', (name) => {
      if (name === WATCHER) lookAgain()
    })
    await look()
  } catch {
    changed(false)
  }
  return () => bus.disconnect()
}

async function hostRegistered(bus: MessageBus): Promise<boolean> {
  try {
    const watcher = await bus.getProxyObject(WATCHER, PATH)
    const properties = watcher.getInterface<Properties>('org.freedesktop.DBus.Properties')
    return (await properties.Get(WATCHER, 'IsStatusNotifierHostRegistered')).value === true
  } catch {
    // Nobody has that name: no desktop that shows trays.
    return false
  }
}
