import { call, sentenceOf } from '../bridge/call.ts'
import { type FolderWish, openOverlay } from '../state/dialogs.ts'
import { useSettings } from '../state/settings.ts'
import { say } from '../state/toasts.ts'

/** Lets the user choose a folder, in the desktop's dialog or, in a browser, in our own. Null: none was chosen. */
export async function chooseFolder(wish: FolderWish): Promise<string | null> {
  if (useSettings.getState().info?.host === 'web') {
    return new Promise((chosen) => openOverlay({ kind: 'folder', wish, chosen }))
  }
  try {
    return (await call('app.chooseFolder', wish)).folder
  } catch (error) {
    say('problem', sentenceOf(error))
    return null
  }
}
