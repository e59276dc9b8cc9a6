import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EIO, ENOSPC } from '../../../src-main/engine/fuse/errno.ts'
import { Growth } from '../../../src-main/engine/fuse/growth.ts'
import { Reserve } from '../../../src-main/engine/oplog/reserve.ts'

let directory: string
let reserve: Reserve
const log = { bytes: 0, operations: 0 }
let growth: Growth
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ize-growth-'))
  reserve = new Reserve(directory)
  log.bytes = log.operations = 0
  growth = new Growth(log, reserve, { limitBytes: 100, limitOperations: 10 })
})
afterEach(() => rmSync(directory, { recursive: true }))

describe('what makes the log grow', () => {
  it('goes on below the bound and waits at it', () => {
    expect(growth.verdict('grows')).toBe('goes')
    log.operations = 10
    expect(growth.verdict('grows')).toBe('waits')
    log.operations = 9
    log.bytes = 100
    expect(growth.verdict('grows')).toBe('waits')
  })

  it('is refused at the bound when nothing will make room, and goes on below it', () => {
    growth.recorderIs('error')
    expect(growth.verdict('grows')).toBe('goes')
    log.bytes = 100
    expect(growth.verdict('grows')).toBe(EIO)
    growth.recorderIs('no')
    expect(growth.verdict('grows')).toBe('waits')
  })

  it('is refused on a full disk, wherever the bound is', () => {
    growth.recorderIs('full')
    expect(growth.verdict('grows')).toBe(ENOSPC)
    expect(growth.verdict('makes room')).toBe('goes')
    log.bytes = 100
    expect(growth.verdict('makes room')).toBe(ENOSPC)
    log.bytes = 0
    growth.recorderIs('no')
    expect(growth.verdict('grows')).toBe('goes')
  })

  it('takes back a reserve that was given up before it goes on', () => {
    reserve.release()
    expect(reserve.held).toBe(false)
    expect(growth.verdict('grows')).toBe('goes')
    expect(reserve.held).toBe(true)
  })
})
