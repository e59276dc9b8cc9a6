import { previewSource } from './preview-source.ts'
import { answerWork } from './thread-side.ts'

/** The thread that looks at a folder before it is imported. */
answerWork(previewSource)
