/**
 * Text for terminals. Names, contents and messages may hold anything, escape sequences too: what would drive the
 * terminal is written visibly (`\x1b`), tabs and line ends of contents excepted.
 */
const CONTROL = /[\0-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const CONTROL_IN_TEXT = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g

export function safeName(text: string): string {
  return text.replace(CONTROL, visible)
}

export function safeText(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(CONTROL_IN_TEXT, visible)
}

function visible(char: string): string {
  const code = char.charCodeAt(0)
  if (char === '\n') return '\\n'
  if (char === '\t') return '\\t'
  return code > 0xff ? `\\u{${code.toString(16)}}` : `\\x${code.toString(16).padStart(2, '0')}`
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

const SEQUENCES: Record<Style, readonly [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
}

export type Paint = (style: Style, text: string) => string

export function painter(colours: boolean): Paint {
  return (style, text) => (colours ? `\x1b[${SEQUENCES[style][0]}m${text}\x1b[${SEQUENCES[style][1]}m` : text)
}

/** Whether to colour a stream (no-color.org; FORCE_COLOR as chalk and node have it). */
export function wantsColours(isTerminal: boolean, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env['NO_COLOR']) return false
  if (env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') return true
  return isTerminal && env['TERM'] !== 'dumb'
}
