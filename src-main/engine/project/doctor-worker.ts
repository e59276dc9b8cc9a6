import { parentPort, workerData } from 'node:worker_threads'
import { checkProject, type ProjectCheck } from './doctor-project.ts'

/** The thread of one project's check: it reads everything the project has, without holding the engine. */
void checkProject(workerData as ProjectCheck).then((findings) => parentPort?.postMessage(findings))
