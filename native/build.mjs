// Builds the native addon: node native/build.mjs [--check]
// Leaves native/ize.node and native/index.d.ts. With --check the committed declarations must be those of the code.
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { declarations } from './types.mjs'

const native = dirname(fileURLToPath(import.meta.url))
const target = process.env['CARGO_TARGET_DIR'] ?? join(native, 'target')
/** The folder that the macros write to; it must not change from build to build, or cargo compiles anew. */
const types = join(target, 'types')
/** What they said of the declarations when the binding was last compiled. */
const typeLines = join(types, 'ize-binding')

/** The macros append to the file when, and only when, the binding is compiled: what was there before steps aside. */
function build() {
  mkdirSync(types, { recursive: true })
  const before = existsSync(typeLines) ? readFileSync(typeLines, 'utf8') : undefined
  rmSync(typeLines, { force: true })
  // Without the lines of an earlier build the binding has to be compiled again.
  if (before === undefined) utimesSync(join(native, 'binding/src/lib.rs'), new Date(), new Date())
  const cargo = spawnSync('cargo', ['build', '--release', '--locked', '-p', 'ize-binding'], {
    cwd: native,
    env: { ...process.env, NAPI_TYPE_DEF_TMP_FOLDER: types },
    stdio: 'inherit',
  })
  const cause = cargo.error
  if (cause) throw new Error('cargo could not be started: install Rust (https://rustup.rs)', { cause })
  if (cargo.status !== 0) {
    rmSync(typeLines, { force: true })
    throw new Error('the native addon did not build: see the messages of cargo above')
  }
  if (!existsSync(typeLines) && before !== undefined) writeFileSync(typeLines, before)
}

/** By rename: running processes have the old file mapped. */
function install() {
  const temporary = join(native, `ize.node.tmp${process.pid}`)
  copyFileSync(join(target, 'release/libize_binding.so'), temporary)
  renameSync(temporary, join(native, 'ize.node'))
}

/** Throws in check mode when the committed declarations are not those of the code. */
function declare(check) {
  const path = join(native, 'index.d.ts')
  const text = declarations(readFileSync(typeLines, 'utf8'), readFileSync(join(native, 'binding/src/hot.d.ts'), 'utf8'))
  const committed = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (text === committed) return
  if (check) throw new Error('native/index.d.ts is not what the code declares: run node native/build.mjs and commit it')
  writeFileSync(path, text)
}

try {
  build()
  install()
  declare(process.argv.includes('--check'))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
