import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readHead, writeHead } from '../../../../src-main/engine/store/seals/head-ref.ts'
import { newFolder, someAddress } from './some-seals.ts'

const head = { seal: someAddress('seal'), n: 12, root: someAddress('root') }

it.each([true, false])('is replaced whole (durable: %j)', async (durable) => {
  const folder = newFolder()
  const file = join(folder, 'main')
  expect(await readHead(file)).toBeNull()
  await writeHead(file, { ...head, n: 11 }, { durable })
  await writeHead(file, head, { durable })
  expect(await readHead(file)).toEqual(head)
  expect(readFileSync(file, 'latin1')).toBe(`${head.seal} 12 ${head.root}\n`)
  expect(readdirSync(folder)).toEqual(['main'])
})

it('says that it is damaged, whatever is wrong with it', async () => {
  const file = join(newFolder(), 'main')
  const line = `${head.seal} 12 ${head.root}\n`
  const wrong = ['', line.slice(0, -1), line.slice(1), line + line, line.replace(' 12 ', ' 012 '), line.toUpperCase()]
  for (const text of [...wrong, line.replace(' 12 ', ' 0 '), line.replace(' 12 ', '  12 '), '\0'.repeat(132)]) {
    writeFileSync(file, text)
    await expect(readHead(file)).rejects.toThrow(expect.objectContaining({ code: 'E_REF_DAMAGED' }) as Error)
  }
})

it('leaves nothing behind where it cannot be written', async () => {
  const folder = newFolder()
  await expect(writeHead(join(folder, 'heads', 'main'), head, { durable: false })).rejects.toThrow(/ENOENT/)
  expect(readdirSync(folder)).toEqual([])
})
