import { app, dialog } from 'electron'
import { tmpdir } from 'node:os'
import { DesktopApp } from './desktop-app.ts'
import { givenLaunch, laterLaunch, readLaunch } from './launch.ts'
import { registerPageScheme } from './pages.ts'

registerPageScheme()

// A later instance tells the first what it was given; its command line comes with Chromium's own order of words.
if (app.requestSingleInstanceLock(givenLaunch())) {
  const desktop = new DesktopApp({ out: __dirname, temporary: tmpdir() })
  app.on('second-instance', (_event, words, cwd, given) => void desktop.follow(laterLaunch(given, { words, cwd })))
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
