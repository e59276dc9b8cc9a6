import { existsSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { IzeError } from '../ize-error.ts'
import { syncDirectory } from '../oplog/damaged-store.ts'
import * as native from '../sys/native.ts'
import type { Plan } from './plan.ts'

const MAGIC = 'IZEPLAN1'
const HEAD = 16

/**
 * `dirty/plan`: the steps that take working/ to the next state. Magic, u32 CRC-32C and u32 length of the JSON behind.
 *
 * Write order: the plan is whole and on the disk before its first step; `applied` in dirty/state says that its last one
 * is done; then it is removed. A plan that is torn was never begun.
 */
export class PlanFile {
  private readonly file: string

  constructor(directory: string) {
    this.file = join(directory, 'plan')
  }

  exists(): boolean {
    return existsSync(this.file)
  }

  write(plan: Plan): void {
    const isNew = !this.exists()
    const body = Buffer.from(JSON.stringify(plan))
    const bytes = Buffer.alloc(HEAD + body.length)
    bytes.write(MAGIC, 0, 'latin1')
    bytes.writeUInt32LE(native.crc32c(body, 0, body.length, 0), 8)
    bytes.writeUInt32LE(body.length, 12)
    body.copy(bytes, HEAD)
    const fd = native.openAt(-100, Buffer.from(this.file).toString('latin1'), O_RDWR_CREAT, 0o600)
    if (fd < 0) throw failed(fd)
    try {
      // Over the old bytes first, so that a full disk refuses before the old plan is cut.
      for (const done of [
        native.writeAt(fd, bytes, 0, bytes.length, 0),
        native.truncateFd(fd, bytes.length),
        native.syncData(fd),
      ]) {
        if (done < 0) throw failed(done)
      }
    } finally {
      native.closeFd(fd)
    }
    if (isNew) syncDirectory(dirname(this.file))
  }

  /** The plan, or null when there is none or it is torn. */
  read(): Plan | null {
    if (!existsSync(this.file)) return null
    const bytes = readFileSync(this.file)
    if (bytes.length < HEAD || bytes.toString('latin1', 0, 8) !== MAGIC) return null
    const length = bytes.readUInt32LE(12)
    if (bytes.length < HEAD + length) return null
    if (native.crc32c(bytes, HEAD, length, 0) !== bytes.readUInt32LE(8)) return null
    return JSON.parse(bytes.toString('utf8', HEAD, HEAD + length)) as Plan
  }

  remove(): void {
    rmSync(this.file, { force: true })
  }
}

const O_RDWR_CREAT = 0o102

function failed(errno: number): IzeError {
  return new IzeError(
    errno === -28 ? 'E_SPACE' : 'E_PLAN',
    `The plan for working/ could not be written (errno ${-errno}).`,
  )
}
