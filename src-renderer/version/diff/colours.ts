import highlighter from 'highlight.js/lib/common'

/** Part of a line in one colour; `scope` is highlight.js's word for what it is. */
export interface ColourRun {
  readonly from: number
  readonly to: number
  readonly scope: string
}

/** Longer texts, or texts with a longer line, have no colours; in UTF-16 units. */
const LONGEST = 400_000
const LONGEST_LINE = 5000

interface TokenNode {
  readonly scope?: string
  readonly children: readonly (TokenNode | string)[]
}

/** The colours of lines that stand one below the other; null: too much, or a language that is not known. */
export function colourLines(lines: readonly string[], language: string): readonly (readonly ColourRun[])[] | null {
  if (!highlighter.getLanguage(language)) return null
  let length = 0
  for (const line of lines) {
    length += line.length + 1
    if (length > LONGEST || line.length > LONGEST_LINE) return null
  }
  const { _emitter } = highlighter.highlight(lines.join('\n'), { language, ignoreIllegals: true })
  const runs: ColourRun[][] = [[]]
  let column = 0
  const addText = (text: string, scope: string | null): void => {
    for (const [index, part] of text.split('\n').entries()) {
      if (index > 0) {
        runs.push([])
        column = 0
      }
      if (part !== '' && scope !== null) runs.at(-1)!.push({ from: column, to: column + part.length, scope })
      column += part.length
    }
  }
  const walk = (node: TokenNode, scope: string | null): void => {
    for (const child of node.children) {
      if (typeof child === 'string') addText(child, scope)
      else walk(child, child.scope === undefined || child.scope.startsWith('language:') ? scope : child.scope)
    }
  }
  // highlight.js gives HTML; its tree of tokens is what that is made of.
  walk((_emitter as unknown as { rootNode: TokenNode }).rootNode, null)
  return runs
}

/** The style of a scope: a few, so that they can be told apart in both themes. */
export function colourOf(scope: string): string | null {
  const [first = ''] = scope.split('.')
  return colours[first] ?? null
}

const colours: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    keyword: 'keyword literal built_in selector-tag tag name operator',
    string: 'string regexp char subst quote code link addition',
    number: 'number symbol bullet variable template-variable',
    comment: 'comment doctag meta deletion',
    title: 'title section class function type selector-class selector-id',
    attr: 'attr attribute property params selector-attr selector-pseudo',
    strong: 'strong',
    emphasis: 'emphasis',
  }).flatMap(([colour, scopes]) => scopes.split(' ').map((scope) => [scope, colour])),
)
