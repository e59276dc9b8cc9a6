import { cpSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openLog } from '../../../src-main/engine/oplog/recovery.ts'
import { RECORD_TYPES } from '../../../src-main/engine/oplog/record-types.ts'
import { StateFile } from '../../../src-main/engine/oplog/state-file.ts'
import { FIXTURE_STEPS } from './fixture-operations.ts'
import { expected, newFolder, readAll } from './log-folder.ts'

function fixture(name: string): string {
  const dir = newFolder()
  cpSync(fileURLToPath(new URL(`../../fixtures/disk/v1/oplog/${name}`, import.meta.url)), dir, { recursive: true })
  return dir
}

test('a log of version 1 with every type of operation opens, and its state too', () => {
  expect(new Set(FIXTURE_STEPS.map(({ op }) => op.type))).toEqual(new Set(Object.keys(RECORD_TYPES)))
  const dir = fixture('sound')
  const found = openLog(dir)
  expect(found.report).toEqual([])
  expect(found.segments.length).toBe(2)
  expect(found.operations).toBe(FIXTURE_STEPS.length - 2)
  expect(readAll(dir, found)).toEqual(expected(FIXTURE_STEPS))
  const state = new StateFile(dir)
  expect(state.read()).toEqual({ applied: 12, recorded: 7, nextIno: 6, boot: '0123456789abcdef', clean: false })
  state.close()
})

test('a log of version 1 whose last record is torn loses that record only', () => {
  const dir = fixture('torn')
  const found = openLog(dir)
  expect(found.report).toMatchObject([{ kind: 'torn', lastGoodId: FIXTURE_STEPS.length - 1 }])
  expect(readAll(dir, found)).toEqual(expected(FIXTURE_STEPS.slice(0, -1)))
})
