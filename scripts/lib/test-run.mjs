// What the tests of one run make lies in one folder, so that what they left can be told, and taken away.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const name = /^ize-run-(\d+)-/
const fuse = '/dev/fuse'
const asRoot = process.getuid?.() === 0

/**
 * Makes the folder, which all temporary files of this process and its children go into from now on, and lets everybody
 * mount, as most systems do. What runs left that were killed goes.
 * @returns {() => string[]} ends the run: the processes and mounts that were left, each in a sentence. They are gone then, and
 * whatever lies in the folder: tools that tests use keep files there, too
 */
export function beginTestRun() {
  const parent = tmpdir()
  for (const left of readdirSync(parent)) {
    const pid = name.exec(left)?.[1]
    if (pid !== undefined && !readdirSync('/proc').includes(pid)) remove(join(parent, left))
  }
  const folder = mkdtempSync(join(parent, `ize-run-${process.pid}-`))
  // As /tmp has it: some tests are other people.
  chmodSync(folder, 0o1777)
  process.env.TMPDIR = folder
  const mode = openFuse()
  return () => {
    process.env.TMPDIR = parent
    if (mode !== null) chmodSync(fuse, mode)
    const left = [
      ...processesOf(folder).map(({ pid, command }) => `process ${pid} was left: ${command}`),
      ...mountsBelow(folder).map((path) => `a mount was left: ${path}`),
    ]
    remove(folder)
    return left
  }
}

/** The mode that it had; null: it stays as it is. */
function openFuse() {
  const found = statSync(fuse, { throwIfNoEntry: false })
  const mode = (found?.mode ?? 0o666) & 0o777
  if (!asRoot || mode === 0o666) return null
  chmodSync(fuse, 0o666)
  return mode
}

/** @param {string} folder */
function remove(folder) {
  for (const { pid } of processesOf(folder)) end(pid)
  // The last one mounted lies on top.
  for (const path of mountsBelow(folder).reverse()) {
    if (asRoot) execFileSync('umount', ['-l', path])
    else execFileSync('fusermount3', ['-u', '-z', path])
  }
  if (!asRoot) execFileSync('chmod', ['-R', 'u+rwX', folder])
  rmSync(folder, { recursive: true, force: true })
}

/** @param {number} pid */
function end(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

/**
 * Those that have the folder in their environment: that of tests that they were started by, or where their own things
 * are. Not the workers that run the tests, which we started.
 * @param {string} folder
 */
function processesOf(folder) {
  return readdirSync('/proc').flatMap((entry) => {
    const pid = Number(entry)
    if (!Number.isInteger(pid) || pid === process.pid) return []
    try {
      const read = (file) => readFileSync(`/proc/${entry}/${file}`, 'latin1')
      const parent = Number(/^PPid:\s*(\d+)/m.exec(read('status'))?.[1])
      if (parent === process.pid || !read('environ').includes(folder)) return []
      return [{ pid, command: read('cmdline').replaceAll('\0', ' ').trim().slice(0, 200) }]
    } catch {
      // Gone, or somebody else's.
      return []
    }
  })
}

/** @param {string} folder */
function mountsBelow(folder) {
  const unescape = (text) => text.replace(/\\([0-7]{3})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 8)))
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => unescape(line.split(' ')[4] ?? ''))
    .filter((path) => path.startsWith(`${folder}/`))
}
