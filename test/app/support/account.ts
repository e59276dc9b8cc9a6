import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

const NAME = 'ize-test'

/**
 * An ordinary user for the app, whose sandbox refuses to start for root. Null: the tests run as one already. Made once,
 * without a home, and left there.
 */
export function ordinaryUser(): Account | null {
  if (process.getuid?.() !== 0) return null
  const found = lookUp()
  if (found) return found
  execFileSync('useradd', ['--system', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/bin/sh', NAME])
  const made = lookUp()
  if (!made) throw new Error(`useradd made ${NAME}, and /etc/passwd does not name it.`)
  return made
}

function lookUp(): Account | null {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${NAME}:`))
  if (line === undefined) return null
  const [name = '', , uid, gid] = line.split(':')
  return { name, uid: Number(uid), gid: Number(gid) }
}
