import { Menu, type MenuItemConstructorOptions } from 'electron'

const line = { type: 'separator' } as const

/** What the menu bar has, which Alt shows; its keys work also while it is hidden. `developer`: in a checkout. */
export function applicationMenu(developer: boolean): Menu {
  const menus: MenuItemConstructorOptions[] = [
    { label: '&Ize', submenu: [{ role: 'close' }, { role: 'quit' }] },
    {
      label: '&Edit',
      submenu: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }],
    },
    {
      label: '&View',
      submenu: [
        { role: 'zoomIn', label: 'Larger' },
        // The same key without Shift, as on many keyboards.
        { role: 'zoomIn', accelerator: 'CommandOrControl+=', visible: false, acceleratorWorksWhenHidden: true },
        { role: 'zoomOut', label: 'Smaller' },
        { role: 'resetZoom', label: 'As large as before' },
        line,
        { role: 'togglefullscreen', label: 'Full screen' },
        ...(developer ? [line, { role: 'reload' } as const, { role: 'toggleDevTools' } as const] : []),
      ],
    },
  ]
  return Menu.buildFromTemplate(menus)
}
