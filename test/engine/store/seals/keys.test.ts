import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { publicKeyOf, publicKeyText, userKey, userKeyFile } from '../../../../src-main/engine/store/seals/keys.ts'
import { newFolder } from './some-seals.ts'

const refused = expect.objectContaining({ code: 'E_KEY' }) as Error

it('lies beside the settings of the user', () => {
  expect(userKeyFile({ XDG_CONFIG_HOME: '/there' })).toBe('/there/ize/keys/ed25519')
})

it('is made on first use, for the user alone, and is the same from then on', async () => {
  const file = join(newFolder(), 'ize', 'keys', 'ed25519')
  const made = await Promise.all([userKey(file), userKey(file), userKey(file)])
  expect(new Set(made.map(publicKeyText)).size).toBe(1)
  expect(publicKeyText(await userKey(file))).toBe(publicKeyText(made[0]))
  expect(readFileSync(file, 'latin1')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700)
  expect(readdirSync(join(file, '..'))).toEqual(['ed25519'])
})

it('is not used when others may read it, or when it is another kind of thing', async () => {
  const file = join(newFolder(), 'keys', 'ed25519')
  await userKey(file)
  chmodSync(file, 0o640)
  await expect(userKey(file)).rejects.toThrow(refused)
  chmodSync(file, 0o600)
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
  for (const content of ['', 'no key', rsa]) {
    writeFileSync(file, content)
    await expect(userKey(file)).rejects.toThrow(refused)
    expect(readFileSync(file, 'utf8')).toBe(content)
  }
})

it('has one text for its public half', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const text = publicKeyText(publicKey)
  expect(text).toMatch(/^ed25519:[A-Za-z0-9_-]{43}$/)
  expect(publicKeyText(privateKey)).toBe(text)
  expect(publicKeyOf(text)?.equals(publicKey)).toBe(true)
  for (const wrong of ['', 'ed25519:', text.slice(8), `${text}=`, `${text}A`, text.slice(0, -1), `${text} `]) {
    expect(publicKeyOf(wrong)).toBeNull()
  }
})
