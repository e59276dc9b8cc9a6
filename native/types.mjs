// Turns the lines that napi-derive writes while it compiles (one JSON object each) into declarations.

const head = `// Made by native/build.mjs from the code in native/binding. Do not edit.

/** A number >= 0, or -errno. */
export type Sys = number
/** A string with one char per byte. */
export type Latin1 = string
export type Bytes = Uint8Array
export type Doubles = Float64Array
export type Ints = Int32Array
`

/**
 * @param {string} lines what the macros wrote: kinds fn, struct (a class), impl (its methods), interface, type (a union)
 * @param {string} hot the declarations of what is converted by hand
 * @returns {string} the text of index.d.ts, sorted by name so that it does not depend on the order of compilation
 */
export function declarations(lines, hot) {
  // Two builds side by side write each line twice.
  const items = [...new Set(lines.split('\n'))].filter((line) => line !== '').map((line) => JSON.parse(line))
  const blocks = items.filter((item) => item.kind !== 'impl').sort((a, b) => (a.name < b.name ? -1 : 1))
  return [head, hot, ...blocks.map((item) => item.js_doc + declaration(item, items))].join('\n')
}

function declaration(item, items) {
  switch (item.kind) {
    case 'fn':
      return `export declare ${item.def}\n`
    case 'struct': {
      const bodies = [item, ...items.filter((other) => other.kind === 'impl' && other.name === item.name)]
      return `export declare class ${item.name} ${body(bodies.map((other) => other.def))}`
    }
    case 'interface':
      return `export interface ${item.name} ${body([item.def])}`
    case 'type':
      return `export type ${item.name} =\n${item.def}\n`
    default:
      throw new Error(`native/types.mjs knows no declaration of kind ${item.kind}`)
  }
}

function body(parts) {
  const lines = parts
    .join('\n')
    .split('\n')
    .filter((line) => line.trim() !== '')
  return `{\n${lines.map((line) => `  ${line.startsWith(' *') ? line : line.trim()}\n`).join('')}}\n`
}
