import { importProject } from './import-project.ts'
import { answerWork } from './thread-side.ts'

/** The thread of one import. */
answerWork(importProject)
