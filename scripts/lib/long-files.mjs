// One idea per file: none is longer than 400 lines.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'
import { execute } from './run.mjs'

const limit = 400
const written = /\.(ts|tsx|mjs|cjs|js|rs|css|sh)$/
const generated = new Set(['native/index.d.ts'])

/** @returns {Promise<string>} one line for each file that is too long */
export async function longFiles() {
  const { output } = await execute('git', ['ls-files', '--cached', '--others', '--exclude-standard'])
  return output
    .split('\n')
    .filter((file) => written.test(file) && !generated.has(file) && existsSync(join(root, file)))
    .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > limit)
    .map(({ file, lines }) => `${file}: ${lines} lines, ${limit} at most\n`)
    .join('')
}
