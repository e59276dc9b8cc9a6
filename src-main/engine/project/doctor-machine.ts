import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, mkdtemp, readdir, rmdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { configFiles, listConfig } from '../config/config.ts'
import { mountAdvice } from '../fuse/mount-advice.ts'
import { IzeError } from '../ize-error.ts'
import { errnoName } from '../sys/errno.ts'
import { setXattr } from '../sys/native.ts'
import { isLeftover, type CentralDirectory } from './central-directory.ts'
import { Findings, type Finding } from './finding.ts'
import { izeMounts } from './mounts.ts'
import { isStale } from './stale-mounts.ts'

const AT_FDCWD = -100
const LEAST_NODE = [20, 19] as const
/** Below this the operation log's reserve and a batch may not find room together. */
const LEAST_FREE = 1024 * 1024 * 1024

/** What every project needs of the machine: the kernel's door, the programs, the central directory, the settings. */
export async function checkMachine(central: CentralDirectory): Promise<readonly Finding[]> {
  const findings = new Findings(null)
  checkVersions(findings)
  await checkFuse(findings)
  await checkCentral(findings, central)
  await checkSettings(findings, central)
  await checkMounts(findings)
  return findings.list
}

function checkVersions(findings: Findings): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const old = major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])
  if (old)
    findings.error(
      'node',
      `Node ${process.versions.node} is too old.`,
      `Install Node ${LEAST_NODE.join('.')} or newer.`,
    )
  else findings.ok('node', `Node ${process.versions.node} on ${process.platform} ${process.arch}.`)
}

async function checkFuse(findings: Findings): Promise<void> {
  try {
    await access('/dev/fuse', constants.R_OK | constants.W_OK)
    findings.ok('fuse', '/dev/fuse can be opened.')
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    if (missing)
      findings.error('fuse', `${mountAdvice.missing.fact}, so nothing can be mounted.`, mountAdvice.missing.advice)
    else findings.error('fuse', `${mountAdvice.shut.fact}, so nothing can be mounted.`, mountAdvice.shut.advice)
  }
  const root = process.geteuid?.() === 0
  try {
    const { stdout } = await promisify(execFile)('fusermount3', ['--version'])
    findings.ok('fusermount3', `${stdout.trim()}.`)
  } catch {
    const { fact, advice } = mountAdvice.helper
    if (root) findings.note('fusermount3', 'fusermount3 is not installed; root can mount without it.', advice)
    else findings.error('fusermount3', `${fact}.`, advice)
  }
}

async function checkCentral(findings: Findings, central: CentralDirectory): Promise<void> {
  const { path, projects } = central
  const { mode, uid } = await stat(path)
  const shut = (mode & 0o077) === 0 && uid === process.geteuid?.()
  if (shut) findings.ok('central-dir', `${path} is yours alone.`)
  else findings.error('central-dir', `${path} is open to other users.`, `Shut it: chmod 0700 ${path}`)

  const { bavail, bsize } = await statfs(path)
  const free = bavail * bsize
  const figures = `${Math.floor(free / 1e6)} MB are free on the disk of ${path}.`
  if (free < LEAST_FREE)
    findings.warning('space', figures, 'Make room, before programs are told that the disk is full.')
  else findings.ok('space', figures)

  const probe = await mkdtemp(join(projects, '.probe-'))
  const set = setXattr(AT_FDCWD, Buffer.from(probe).toString('latin1'), 'user.ize', Buffer.from('probe'), 0)
  await rmdir(probe)
  if (set < 0)
    findings.error(
      'xattrs',
      `The file system of ${path} holds no extended attributes (${errnoName(set)}), which Ize needs to know files again.`,
      'Put the central directory on ext4, XFS or Btrfs: ize config set --user central-dir <folder>',
    )
  else findings.ok('xattrs', 'The central directory holds extended attributes.')

  const leftovers = (await readdir(projects)).filter(isLeftover)
  if (leftovers.length > 0)
    findings.note(
      'leftovers',
      `${leftovers.length} half-made or half-removed projects lie in ${projects}.`,
      'They go when the engine is next started: ize daemon stop',
    )
}

async function checkSettings(findings: Findings, central: CentralDirectory): Promise<void> {
  try {
    await listConfig(configFiles(central.path))
    findings.ok('settings', 'The settings can be read.')
  } catch (error) {
    if (!(error instanceof IzeError)) throw error
    findings.error('settings', error.message, 'Correct the line, or remove the file.')
  }
}

async function checkMounts(findings: Findings): Promise<void> {
  for (const { path } of await izeMounts()) {
    if (await isStale(path))
      findings.warning(
        'mounts',
        `The mount at ${path} is dead: its engine has ended.`,
        `Mount the project there again, which clears it, or: fusermount3 -uz "${path}"`,
      )
    else findings.ok('mounts', `A project is mounted at ${path}.`)
  }
}
