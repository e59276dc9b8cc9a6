import { compareOriginal } from './compare-original.ts'
import { answerWork } from './thread-side.ts'

/** The thread that looks through a folder again after it was imported. */
answerWork(compareOriginal)
