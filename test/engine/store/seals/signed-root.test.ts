import { generateKeyPairSync } from 'node:crypto'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { publicKeyText } from '../../../../src-main/engine/store/seals/keys.ts'
import {
  appendRoot,
  readRoots,
  readSignedRoot,
  type SignedRoot,
  signedRootText,
  signRoot,
  verifyRoot,
} from '../../../../src-main/engine/store/seals/signed-root.ts'
import { newFolder, someAddress } from './some-seals.ts'

const { privateKey } = generateKeyPairSync('ed25519')
const facts = { project: '01234567-89ab-4def-8123-456789abcdef', leaves: 12, root: someAddress('root') }
const signed = signRoot(privateKey, { ...facts, time: new Date(1_764_000_000_000) })

it('says who signed what, when, on one canonical line', () => {
  expect(signed).toMatchObject({ ...facts, time: '2025-11-24T16:00:00.000Z', key: publicKeyText(privateKey) })
  expect(verifyRoot(signed)).toEqual({ ok: true })
  expect(readSignedRoot(signedRootText(signed))).toEqual(signed)
  expect(readSignedRoot(`${signedRootText(signed)} `)).toBeNull()
  expect(readSignedRoot('')).toBeNull()
})

it('is not good when anything in it is another', () => {
  const another = publicKeyText(generateKeyPairSync('ed25519').publicKey)
  const changes: Partial<SignedRoot>[] = [
    { project: facts.project.replace('0', '1') },
    { leaves: 13 },
    { root: someAddress('another root') },
    { time: '2025-11-24T16:00:00.001Z' },
    { key: another },
    { signature: signed.signature.startsWith('A') ? `B${signed.signature.slice(1)}` : `A${signed.signature.slice(1)}` },
    { signature: '' },
    { signature: `${signed.signature}==` },
  ]
  for (const change of changes) expect(verifyRoot({ ...signed, ...change })).toEqual({ ok: false, why: 'signature' })
  expect(verifyRoot({ ...signed, key: 'ed25519:' })).toEqual({ ok: false, why: 'key' })
})

it('is kept in a file of lines, of which a torn one spoils no other', async () => {
  const file = join(newFolder(), 'roots')
  const next = signRoot(privateKey, { ...facts, leaves: 13, time: new Date() })
  await appendRoot(file, signed)
  await appendRoot(file, next)
  appendFileSync(file, signedRootText(next).slice(0, 50))
  await appendRoot(file, next)
  expect(await readRoots(file)).toEqual([signed, next, null, next])
  expect(readFileSync(file, 'utf8').endsWith('}\n')).toBe(true)
})
