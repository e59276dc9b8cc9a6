/** Enough of a file to see the head of a key. */
export const HEAD_BYTES = 512

interface Rule {
  readonly name: RegExp
  /** What its first bytes must hold (latin1); absent: the name says enough. */
  readonly head?: RegExp
  readonly why: string
}

const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----/

const rules: readonly Rule[] = [
  { name: /^id_(rsa|dsa|ecdsa|ed25519)(_sk)?$/, why: 'a private SSH key, by its name' },
  { name: /\.(pem|key|asc|ppk)$/i, head: PRIVATE_KEY, why: 'a private key' },
  { name: /\.ppk$/i, head: /^PuTTY-User-Key-File/, why: 'a private key of PuTTY' },
  { name: /\.(p12|pfx|jks|keystore)$/i, why: 'a store of keys, by its name' },
  { name: /\.kdbx?$/i, why: 'a store of passwords, by its name' },
  {
    name: /^\.env(\.(?!example$|sample$|template$|dist$).*)?$/,
    why: 'settings that often hold passwords, by its name',
  },
  { name: /^(credentials|client_secret.*|service-account.*)\.json$/i, why: 'access to a service, by its name' },
  { name: /^(\.netrc|\.pgpass|\.git-credentials|\.htpasswd)$/, why: 'passwords, by its name' },
  { name: /^(\.npmrc|\.pypirc)$/, head: /_auth|password/, why: 'access to a package registry' },
]

/** Whether a file of this name (latin1) may be a secret, so that its first bytes are worth a look. */
export function maySecret(name: string): boolean {
  return rules.some((rule) => rule.name.test(name))
}

/** Why a file looks like a key or passwords, by its name and first bytes alone; null: it does not. */
export function secretReason(name: string, head: string): string | null {
  const found = rules.find((rule) => rule.name.test(name) && (rule.head?.test(head) ?? true))
  return found?.why ?? null
}
