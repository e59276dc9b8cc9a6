/**
 * fuse-native names everything by JavaScript strings made from UTF-8, where bytes that are not UTF-8 have become
 * U+FFFD. Such a string stands for many names, so it stands for none: null, in both directions.
 */
const LOST = '\ufffd'

/** Bytes of a name or path (latin1) for a text that fuse-native gives. */
export function textToBytes(text: string): string | null {
  return text.includes(LOST) ? null : Buffer.from(text, 'utf8').toString('latin1')
}

/** The text that fuse-native turns into exactly these bytes (latin1). */
export function bytesToText(bytes: string): string | null {
  const text = Buffer.from(bytes, 'latin1').toString('utf8')
  return text.includes(LOST) ? null : text
}
