/**
 * Writes a long history into a project that nobody has open. Arguments: the project's folder, a file with the paths that
 * are changed, one in each line, and how many changes.
 */
import { readFileSync } from 'node:fs'
import { writeHistory } from './history/write-history.ts'

async function main(): Promise<void> {
  const [root = '', list = '', changes = '0'] = process.argv.slice(2)
  await writeHistory(root, readFileSync(list, 'utf8').split('\n'), Number(changes))
  console.log(JSON.stringify({ changes: Number(changes) }))
}

void main()
