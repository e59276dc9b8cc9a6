import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { chmod, mkdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { userConfigFile } from '../../config/locations.ts'
import { IzeError } from '../../ize-error.ts'
import { durableCreate, syncDirectory } from '../../sys/durable-write.ts'

const PREFIX = 'ed25519:'

/** `keys/ed25519` beside the user's settings: PKCS #8 in PEM, for the user's eyes only. */
export function userKeyFile(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return join(dirname(userConfigFile(env)), 'keys', 'ed25519')
}

/** The user's private key, made when there is none. Errors: E_KEY. */
export async function userKey(file: string = userKeyFile()): Promise<KeyObject> {
  const known = await readKey(file)
  if (known) return known
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await chmod(dirname(file), 0o700)
  await syncDirectory(dirname(dirname(file)))
  const { privateKey } = generateKeyPairSync('ed25519')
  // When another process made one meanwhile, that is the user's key.
  await durableCreate(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), 0o600)
  return (await readKey(file)) ?? privateKey
}

/** The user's public key, as text; null: there is none yet. Errors: E_KEY. */
export async function ownPublicKey(file: string = userKeyFile()): Promise<string | null> {
  const key = await readKey(file)
  return key && publicKeyText(key)
}

/**
 * A public key that someone names: as it is written, or by a file that holds it, so or in PEM. Errors: E_KEY,
 * E_SOURCE_MISSING.
 */
export async function namedPublicKey(text: string): Promise<string> {
  if (text.startsWith(PREFIX)) return text
  const held = await readFile(text, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    throw new IzeError('E_SOURCE_MISSING', `There is no file ${text}, and a key begins with "${PREFIX}".`)
  })
  const keys = held.split('\n').map((line) => line.trim())
  const found = keys.filter((line) => line.startsWith(PREFIX) && publicKeyOf(line))
  if (found.length > 1) throw new IzeError('E_KEY', `${text} holds ${found.length} keys; name one of them.`)
  const key = found[0] ?? pemKey(held)
  if (key !== null) return key
  throw new IzeError('E_KEY', `${text} holds no ed25519 key, neither as "${PREFIX}…" on a line nor in PEM.`)
}

function pemKey(text: string): string | null {
  try {
    const key = createPublicKey(text)
    return key.asymmetricKeyType === 'ed25519' ? publicKeyText(key) : null
  } catch {
    return null
  }
}

/** Null: there is none. Errors: E_KEY. */
async function readKey(file: string): Promise<KeyObject | null> {
  const facts = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (!facts) return null
  if ((facts.mode & 0o077) !== 0) {
    throw new IzeError(
      'E_KEY',
      `Others than you may open your key ${file}; take that away with "chmod 600", and if someone may have read it, move it away and let Ize make a new one.`,
      { file },
    )
  }
  const pem = await readFile(file)
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // What stands there is no key at all.
  }
  throw new IzeError('E_KEY', `${file} holds no ed25519 key; put yours back, or move the file away for a new one.`, {
    file,
  })
}

/** How a public key is written: `ed25519:` and its 32 bytes in base64url. */
export function publicKeyText(key: KeyObject): string {
  const { x } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' })
  return `${PREFIX}${String(x)}`
}

/** Null: it is no key, or not written as it is to be. */
export function publicKeyOf(text: string): KeyObject | null {
  if (!text.startsWith(PREFIX)) return null
  try {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: text.slice(PREFIX.length) }
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    return publicKeyText(key) === text ? key : null
  } catch {
    return null
  }
}
