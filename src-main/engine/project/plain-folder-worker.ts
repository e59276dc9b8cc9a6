import { writePlainFolder, type PlainFolderRequest } from './plain-folder.ts'
import type { CopyCounts } from './plain-copy.ts'
import { answerWork } from './thread-side.ts'
import { throttled } from './throttled.ts'

/** The thread that turns a project back into a plain folder. */
answerWork((request: PlainFolderRequest, progress: (counts: CopyCounts) => void, cancelled) =>
  writePlainFolder(request, throttled(progress), cancelled),
)
