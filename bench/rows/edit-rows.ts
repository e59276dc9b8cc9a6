import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import type { BenchProject } from '../engine.ts'
import { numberedText } from '../material.ts'
import { median } from '../statistics.ts'

const LINES = 200
const WARM_UP = 3
const FILE = 'edited.txt'

/** One edit of one file, from the question until its change is committed. */
export async function editRows(bench: Bench): Promise<void> {
  const { trackedFew, trackedMany, editsOfOneFile } = bench.scale
  if (bench.wants('edit-few')) await amongFiles(bench, 'edit-few', trackedFew)
  if (bench.wants('edit-many')) await amongFiles(bench, 'edit-many', trackedMany)
  if (bench.wants('edit-after')) await afterEdits(bench, editsOfOneFile)
}

async function amongFiles(bench: Bench, row: string, files: number): Promise<void> {
  bench.say(`${row}: a project of ${files} files`)
  const { folder } = await bench.material.tree({ files, bytes: files * 1000 })
  await withProject(bench, folder, async (project) => {
    const text = numberedText(LINES).split('\n')
    await save(project, text)
    await project.settle()
    const asked = await questionMilliseconds(bench)
    const spent = await editMilliseconds(bench, project, text)
    report(bench, row, `one edit among ${files.toLocaleString('en')} files, queue to commit`, spent, 10, asked)
  })
}

/** Each of the edits before was a change of its own, in another line than its neighbours. */
async function afterEdits(bench: Bench, edits: number): Promise<void> {
  await withProject(bench, null, async (project) => {
    const text = numberedText(edits).split('\n')
    await save(project, text)
    await project.settle()
    bench.say(`edit-after: ${edits} edits first`)
    for (let n = 0; n < edits; n++) {
      const line = (n * 7919) % edits
      text[line] = `${text[line] ?? ''} ${n}`
      await save(project, text)
      await project.flush()
    }
    const asked = await questionMilliseconds(bench)
    const spent = await editMilliseconds(bench, project, text)
    report(bench, 'edit-after', `one edit after ${edits.toLocaleString('en')} of the same file`, spent, 20, asked)
  })
}

async function editMilliseconds(bench: Bench, project: BenchProject, text: string[]): Promise<number[]> {
  const spent: number[] = []
  for (let n = 0; n < WARM_UP + bench.scale.edits; n++) {
    const line = (n * 61) % LINES
    text[line] = `${(text[line] ?? '').slice(0, 60)} edit ${n}`
    await save(project, text)
    const { recorded } = await project.whenRecorded()
    const begun = performance.now()
    const flushed = project.flush()
    await recorded
    if (n >= WARM_UP) spent.push(performance.now() - begun)
    await flushed
  }
  return spent
}

async function save(project: BenchProject, text: readonly string[]): Promise<void> {
  await writeFile(join(project.point, FILE), text.join('\n'))
}

/** What asking the engine anything takes: part of what is measured, and nothing to do with history. */
async function questionMilliseconds(bench: Bench): Promise<number> {
  const spent: number[] = []
  for (let n = 0; n < WARM_UP + bench.scale.edits; n++) {
    const begun = performance.now()
    await bench.engine.ask('engine.info', {})
    if (n >= WARM_UP) spent.push(performance.now() - begun)
  }
  return median(spent)
}

async function withProject(
  bench: Bench,
  from: string | null,
  work: (project: BenchProject) => Promise<void>,
): Promise<void> {
  const project = await bench.engine.create(from)
  await project.mount()
  try {
    await work(project)
  } finally {
    await project.remove()
  }
}

function report(
  bench: Bench,
  row: string,
  title: string,
  spent: readonly number[],
  limit: number,
  asked: number,
): void {
  bench.report({
    row,
    title,
    machine: bench.machine,
    load: 'burst',
    unit: 'ms',
    values: { ize: median(spent) },
    history: null,
    target: `≤ ${limit} ms`,
    limit,
    note: `from asking for a flush until the engine says that the change is in history, median of ${spent.length}; an empty question takes ${asked.toFixed(1)} ms`,
  })
}
