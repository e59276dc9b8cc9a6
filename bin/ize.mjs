#!/usr/bin/env node
// The `ize` command of a built checkout.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const cli = new URL('../out/cli.cjs', import.meta.url)
if (existsSync(cli)) {
  await import(cli.href)
} else {
  const root = fileURLToPath(new URL('..', import.meta.url))
  process.stderr.write(`ize: ${root} is not built yet. Run npm start once in it.\n`)
  process.exitCode = 1
}
