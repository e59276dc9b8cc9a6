import { homedir } from 'node:os'
import { packageVersion } from '../../src-preload/build-version.ts'
import { IzeError } from '../../src-preload/ize-error.ts'
import { commonHandlers } from '../window/common-handlers.ts'
import type { EngineLink } from '../window/engine-link.ts'
import type { Settings } from '../window/settings.ts'
import type { AppHandlers } from '../window/window-session.ts'

/** What a window in a browser is answered: the desktop's own part of it is not to be had from there. */
export function webHandlers(engine: EngineLink, settings: Settings, quit: () => void): AppHandlers {
  const notHere = async (): Promise<never> => {
    throw new IzeError('E_NOT_HERE', 'A browser cannot do this on the machine that Ize runs on; the app there can.')
  }
  const end = async (): Promise<Record<string, never>> => {
    setImmediate(quit)
    return {}
  }
  return {
    ...commonHandlers(engine, settings),
    'app.info': async () => ({ version: packageVersion, host: 'web', electron: null, tray: false, home: homedir() }),
    // The page has a chooser of its own, over app.listFolders.
    'app.chooseFolder': async () => ({ folder: null }),
    'app.openFolder': notHere,
    'app.openPlainFiles': notHere,
    'app.openVersion': notHere,
    'app.dragVersion': notHere,
    'app.copyText': notHere,
    'app.integrations': async () => ({ integrations: [] }),
    'app.setIntegration': notHere,
    'app.quit': end,
    'app.quitNow': end,
  }
}
