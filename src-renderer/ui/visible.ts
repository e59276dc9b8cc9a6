/**
 * Names and contents of files are hostile text: what a program put there may turn the reading direction, hide, or steer
 * a terminal. Each such character is shown as what it is.
 */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

export function visible(text: string): string {
  return text.replace(HIDDEN, (char) => {
    const code = char.charCodeAt(0)
    if (code < 0x20) return String.fromCharCode(0x2400 + code)
    if (code === 0x7f) return '\u2421'
    return `\u27e8${code.toString(16).toUpperCase().padStart(4, '0')}\u27e9`
  })
}

/** Folder and name of a path, ready to be shown. */
export function splitPath(path: string): { readonly folder: string; readonly name: string } {
  const at = path.lastIndexOf('/')
  return { folder: visible(path.slice(0, at + 1)), name: visible(path.slice(at + 1)) }
}
