// Stands in for the default app of an Electron that was taken out of a packaged one: runs the folder it is given.
const { app } = require('electron')
const { readFileSync } = require('node:fs')
const { resolve } = require('node:path')

const folder = process.argv.slice(1).find((argument) => !argument.startsWith('-'))
if (folder === undefined) {
  process.stderr.write('electron: which folder? Give one with a package.json.\n')
  app.exit(1)
} else {
  const path = resolve(folder)
  const { name, productName, version, main } = JSON.parse(readFileSync(resolve(path, 'package.json'), 'utf8'))
  // As Electron's own default app does, by methods that are not public.
  const inside = /** @type {any} */ (app)
  inside.setName(productName ?? name)
  inside.setVersion(version)
  inside.setAppPath(path)
  require(resolve(path, main ?? 'index.js'))
}
