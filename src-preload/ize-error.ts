/**
 * An error a user may see: one clear sentence (what, where, what to do) and a stable code (error-codes.ts). `data` is
 * for programs. Anything else that is thrown is a fault of Ize's own.
 */
export class IzeError extends Error {
  override readonly name = 'IzeError'
  constructor(
    readonly code: string,
    message: string,
    readonly data: Readonly<Record<string, unknown>> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options)
  }

  toJSON(): { code: string; message: string; data: Readonly<Record<string, unknown>> } {
    return { code: this.code, message: this.message, data: this.data }
  }
}
