// Renders assets/**/*.svg into the PNGs that are committed beside them; needs rsvg-convert (Debian: librsvg2-bin).
import { mkdirSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from './lib/root.mjs'
import { CommandFailed, execute, reportFailure } from './lib/run.mjs'

const sizes = [16, 22, 24, 32, 48, 64, 128, 256, 512]
/** Pixels of a panel; twice that for dense screens, which Electron finds by the name. */
const traySize = 22

try {
  mkdirSync(join(root, 'assets/icons'), { recursive: true })
  for (const size of sizes) await render('assets/icon.svg', `assets/icons/${size}.png`, size)
  for (const name of readdirSync(join(root, 'assets/tray'))) {
    if (!name.endsWith('.svg')) continue
    const stem = `assets/tray/${basename(name, '.svg')}`
    await render(`assets/tray/${name}`, `${stem}.png`, traySize)
    await render(`assets/tray/${name}`, `${stem}@2x.png`, traySize * 2)
  }
} catch (error) {
  reportFailure(error)
}

async function render(from, to, size) {
  const args = ['--width', String(size), '--height', String(size), '--output', to, from]
  const { code, output } = await execute('rsvg-convert', args)
  if (code !== 0) throw new CommandFailed(`${from} could not be rendered`, output)
}
