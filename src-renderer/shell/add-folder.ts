import { chooseFolder } from '../projects/choose-folder.ts'
import { go } from '../state/route.ts'

/** Lets a folder be chosen and shows what would go in. */
export async function addFolder(): Promise<void> {
  const folder = await chooseFolder({ title: 'Which folder should be remembered?', button: 'Choose' })
  if (folder !== null) go({ screen: 'new', folder })
}
