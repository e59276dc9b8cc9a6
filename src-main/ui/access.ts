import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const COOKIE = 'ize-ui'

/**
 * Who may come in: whoever has the link that was printed, once, and from then on the browser that came with it. Any
 * program of any user of the machine can reach a loopback port, and any page of the web can make a browser try.
 */
export class Access {
  private readonly session = randomBytes(32).toString('base64url')
  private token: string | null = randomBytes(32).toString('base64url')

  constructor(private readonly port: () => number) {}

  get link(): string {
    return `http://127.0.0.1:${this.port()}/enter?token=${this.token ?? ''}`
  }

  /** The cookie for the browser that brings the token; null: it is wrong, or was used. */
  enter(token: string): string | null {
    if (this.token === null || !same(token, this.token)) return null
    this.token = null
    return `${COOKIE}=${this.session}; HttpOnly; SameSite=Strict; Path=/`
  }

  /** Asked for by the name we gave, so that a name of the web that leads here does not pass for us. */
  rightHost({ headers }: IncomingMessage): boolean {
    return this.hosts().includes(headers.host ?? '')
  }

  /** A page's own request comes from its origin, or, opened by hand, from none. */
  rightOrigin({ headers }: IncomingMessage, { required }: { readonly required: boolean }): boolean {
    const { origin } = headers
    return origin === undefined ? !required : this.hosts().some((host) => origin === `http://${host}`)
  }

  hasEntered({ headers }: IncomingMessage): boolean {
    const cookies = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim().split('=', 2))
    return cookies.some(([name, value]) => name === COOKIE && same(value ?? '', this.session))
  }

  hosts(): string[] {
    return ['127.0.0.1', 'localhost'].map((name) => `${name}:${this.port()}`)
  }
}

function same(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)]
  return one.length === other.length && timingSafeEqual(one, other)
}
