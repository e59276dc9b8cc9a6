import type { ElectronApplication } from 'playwright-core'

/** Answers the desktop's dialog for a folder as its person would; null: it is closed. The dialog itself is the desktop's. */
export async function answerFolder(app: ElectronApplication, folder: string | null): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () =>
      Promise.resolve({ canceled: chosen === null, filePaths: chosen === null ? [] : [chosen] })
  }, folder)
}
