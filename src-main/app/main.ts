import { app, dialog } from 'electron'
import { tmpdir } from 'node:os'
import { DesktopApp } from './desktop-app.ts'
import { readLaunch } from './launch.ts'
import { registerPageScheme } from './pages.ts'

registerPageScheme()

// What a first instance is told by a later one is its command line and its folder.
if (app.requestSingleInstanceLock()) {
  const desktop = new DesktopApp({ out: __dirname, temporary: tmpdir() })
  app.on('second-instance', (_event, words, cwd) => void desktop.follow(readLaunch(words, cwd)))
  app
    .whenReady()
    .then(() => desktop.start(readLaunch(process.argv, process.cwd())))
    .catch((error: unknown) => {
      dialog.showErrorBox('Ize cannot start', error instanceof Error ? error.message : String(error))
      app.exit(1)
    })
} else {
  app.quit()
}
