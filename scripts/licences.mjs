// node scripts/licences.mjs: writes docs/licences.md from what the last build shipped.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from './build.mjs'
import { root } from './lib/root.mjs'
import { reportFailure } from './lib/run.mjs'

/** @returns {string} the list without the texts, which the app shows */
export function licencesPage() {
  const { packages } = JSON.parse(readFileSync(join(root, 'out/renderer/licences.json'), 'utf8'))
  const lines = packages.map(({ name, version, licence }) => `- ${[name, version].join(' ').trim()}: ${licence}\n`)
  return `# Licences

Ize is under GPL-3.0-or-later. It is made with the work of others, and ships it. The app shows the texts: Settings, About.
\`node scripts/licences.mjs\` writes this list anew.

${lines.join('')}`
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await build()
    writeFileSync(join(root, 'docs/licences.md'), licencesPage())
  } catch (error) {
    reportFailure(error)
  }
}
