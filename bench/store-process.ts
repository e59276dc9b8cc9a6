/**
 * Works on a store, without engine and mount, and prints what it took as JSON on its last line. A process of its own, so
 * that its memory is what the store needs. Arguments: what, a folder to work in, then what that work takes.
 */
import { bytesBelow, fileEntry, SealedProject } from './store/sealed-project.ts'
import { importFolder } from './store/import-folder.ts'
import { storeWorks } from './store/works.ts'

async function main(): Promise<void> {
  const [work = '', folder = '', ...rest] = process.argv.slice(2)
  const project = await SealedProject.create(folder)
  try {
    console.log(JSON.stringify(await workOn(work, project, rest)))
  } finally {
    project.close()
  }
}

async function workOn(work: string, project: SealedProject, rest: readonly string[]): Promise<object> {
  const known = storeWorks[work]
  if (known) return known(project, ...rest.map(Number))
  if (work !== 'import') throw new Error(`There is no work "${work}".`)
  const [folder = '', then] = rest
  const begun = performance.now()
  const imported = await importFolder(project.store, folder)
  const seconds = (performance.now() - begun) / 1000
  const megabytes = process.resourceUsage().maxRSS / 1024
  const took = { seconds, megabytes, files: imported.length, bytes: await bytesBelow(project.layout.objects) }
  if (then !== 'collect') return took
  await project.seal(
    'import',
    imported.map(({ path, stored }) => fileEntry(path, stored, 'create')),
  )
  const collecting = performance.now()
  await project.collect()
  const gc = (performance.now() - collecting) / 1000
  return {
    ...took,
    gc,
    after: await bytesBelow(project.layout.objects),
    gcMegabytes: process.resourceUsage().maxRSS / 1024,
  }
}

void main()
