import { readdir, readFile, readlink } from 'node:fs/promises'
import type { OpenFile } from './session.ts'

/**
 * Which processes hold a mount: by open files, working directory, root, program, or mapped files. Only names that the
 * kernel keeps are read (the links in /proc), so nothing below the mount is touched. Processes of other users cannot be
 * seen by an ordinary one.
 */
export async function mountHolders(mountPoint: string): Promise<readonly OpenFile[]> {
  const prefix = Buffer.from(mountPoint).toString('latin1')
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const held = await Promise.all(pids.map(async (pid) => ({ pid, paths: await pathsBelow(pid, prefix) })))
  const files = held.map(async ({ pid, paths }) => {
    if (paths.size === 0) return []
    const program = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim() || 'unknown program'
    return [...paths].map((path) => ({ pid: Number(pid), program, path }))
  })
  return (await Promise.all(files)).flat()
}

/** latin1 paths relative to the mount; '' is its root. A process that ends meanwhile holds nothing. */
async function pathsBelow(pid: string, mountPoint: string): Promise<Set<string>> {
  const base = `/proc/${pid}`
  const descriptors = await readdir(`${base}/fd`).catch(() => [])
  const links = [...descriptors.map((fd) => `${base}/fd/${fd}`), `${base}/cwd`, `${base}/root`, `${base}/exe`]
  const targets = await Promise.all(links.map((link) => readlink(link, 'latin1').catch(() => '')))
  const maps = await readFile(`${base}/maps`, 'latin1').catch(() => '')
  const mapped = maps.split('\n').map((line) => line.slice(line.indexOf('/')))
  const paths = new Set<string>()
  for (const target of [...targets, ...mapped]) {
    if (target !== mountPoint && !target.startsWith(`${mountPoint}/`)) continue
    paths.add(target.slice(mountPoint.length + 1).replace(/ \(deleted\)$/, ''))
  }
  return paths
}
