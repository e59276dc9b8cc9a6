import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { errorCodes, exitCodeOf } from '../../src-preload/error-codes.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

function codesInSources(): Set<string> {
  const codes = new Set<string>()
  for (const folder of ['src-main', 'src-preload']) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts')) continue
      const source = readFileSync(join(root, folder, name), 'utf8')
      for (const [, code] of source.matchAll(/'(E_[A-Z_]+)'/g)) if (code) codes.add(code)
    }
  }
  return codes
}

describe('error codes', () => {
  it('are all in the table, so that each has an exit code', () => {
    expect([...codesInSources()].filter((code) => !(code in errorCodes))).toEqual([])
  })

  it('never exit with success', () => {
    for (const code of Object.keys(errorCodes)) expect(exitCodeOf(code)).toBeGreaterThan(0)
    expect(exitCodeOf('E_NEVER_HEARD_OF')).toBe(1)
  })
})
