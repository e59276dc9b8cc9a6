// Before any test: the bundles of the processes and threads that tests start are those of the sources.
import { build } from './build.mjs'
import { stockPijulPath } from './lib/stock-pijul.mjs'

export async function setup() {
  process.env.IZE_PIJUL = stockPijulPath()
  await build()
}
