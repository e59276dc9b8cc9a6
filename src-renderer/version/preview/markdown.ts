/** A small part of Markdown, read into a tree. Whatever is not of it stays text; HTML is text. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'strike'; readonly children: readonly Inline[] }
  /** Links lead nowhere and pictures are not fetched: what they name is told. */
  | { readonly kind: 'link' | 'picture'; readonly text: string; readonly target: string }

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly inline: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly inline: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Block[])[] }
  | { readonly kind: 'table'; readonly rows: readonly (readonly (readonly Inline[])[])[] }
  | { readonly kind: 'rule' }

const FENCE = /^ {0,3}(`{3,}|~{3,})/
const HEADING = /^ {0,3}(#{1,6})(?:\s+(.*?))?\s*#*\s*$/
const RULE = /^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/
const QUOTE = /^ {0,3}> ?(.*)$/
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])(\s+)(.*)$/
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/
/** Quotes and lists in each other are read this deep. */
const DEPTH = 12

export function parseMarkdown(text: string): readonly Block[] {
  return parseBlocks(text.replace(/\r\n?/g, '\n').split('\n'), 0)
}

function parseBlocks(lines: readonly string[], depth: number): Block[] {
  const blocks: Block[] = []
  let at = 0
  while (at < lines.length) {
    const line = lines[at]!
    const read = line.trim() === '' ? null : readBlock(lines, at, depth)
    if (read) blocks.push(read.block)
    at = read ? read.next : at + 1
  }
  return blocks
}

interface Read {
  readonly block: Block
  readonly next: number
}

function readBlock(lines: readonly string[], at: number, depth: number): Read {
  const line = lines[at]!
  const heading = HEADING.exec(line)
  if (heading) {
    const inline = parseInline(heading[2] ?? '')
    return { block: { kind: 'heading', level: heading[1]!.length, inline }, next: at + 1 }
  }
  if (FENCE.test(line)) return readFence(lines, at)
  if (RULE.test(line)) return { block: { kind: 'rule' }, next: at + 1 }
  if (depth < DEPTH && QUOTE.test(line)) return readQuote(lines, at, depth)
  if (depth < DEPTH && ITEM.test(line)) return readList(lines, at, depth)
  if (line.includes('|') && TABLE_RULE.test(lines[at + 1] ?? '') && lines[at + 1]!.includes('-')) {
    return readTable(lines, at)
  }
  return readParagraph(lines, at)
}

function readFence(lines: readonly string[], at: number): Read {
  const fence = FENCE.exec(lines[at]!)![1]!
  let end = at + 1
  while (end < lines.length && !lines[end]!.trimStart().startsWith(fence)) end++
  return { block: { kind: 'code', text: lines.slice(at + 1, end).join('\n') }, next: end + 1 }
}

function readQuote(lines: readonly string[], at: number, depth: number): Read {
  const inner: string[] = []
  let end = at
  for (let quoted; end < lines.length && (quoted = QUOTE.exec(lines[end]!)); end++) inner.push(quoted[1]!)
  return { block: { kind: 'quote', blocks: parseBlocks(inner, depth + 1) }, next: end }
}

function readList(lines: readonly string[], at: number, depth: number): Read {
  const ordered = /\d/.test(ITEM.exec(lines[at]!)![2]!)
  const items: string[][] = []
  let end = at
  let indent = 0
  for (; end < lines.length; end++) {
    const line = lines[end]!
    const item = ITEM.exec(line)
    if (item && item[1]!.length < Math.max(2, indent)) {
      indent = item[1]!.length + item[2]!.length + 1
      items.push([item[4]!])
    } else if (line.trim() === '') {
      if (!/^\s{2,}\S/.test(lines[end + 1] ?? '') && !ITEM.test(lines[end + 1] ?? '')) break
      items.at(-1)?.push('')
    } else if (/^\s{2,}/.test(line))
      items.at(-1)?.push(line.slice(Math.min(indent, line.length - line.trimStart().length)))
    else if (startsBlock(line)) break
    else items.at(-1)?.push(line)
  }
  return {
    block: { kind: 'list', ordered, items: items.map((item) => parseBlocks(item, depth + 1)) },
    next: Math.max(end, at + 1),
  }
}

function readTable(lines: readonly string[], at: number): Read {
  const rows = [cells(lines[at]!)]
  let end = at + 2
  for (; end < lines.length && lines[end]!.includes('|'); end++) rows.push(cells(lines[end]!))
  return { block: { kind: 'table', rows }, next: end }
}

function cells(line: string): readonly (readonly Inline[])[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => parseInline(cell.trim()))
}

function readParagraph(lines: readonly string[], at: number): Read {
  let end = at + 1
  while (end < lines.length && lines[end]!.trim() !== '' && !startsBlock(lines[end]!)) end++
  return { block: { kind: 'paragraph', inline: parseInline(lines.slice(at, end).join('\n')) }, next: end }
}

function startsBlock(line: string): boolean {
  return [HEADING, FENCE, RULE, QUOTE, ITEM].some((pattern) => pattern.test(line))
}

/** Each kind matches without looking back, and within one paragraph. */
const INLINE =
  /(?<code>`+)(?<codeText>[^`](?:.*?[^`])?)\k<code>(?!`)|(?<bang>!?)\[(?<text>[^\]\n]{0,1000})\]\((?<target>[^)\s]{0,2000})[^)\n]{0,1000}\)|(?<strong>\*\*|__)(?=\S)(?<strongText>[^*_]{1,2000}?)\k<strong>|(?<strike>~~)(?<strikeText>[^~]{1,2000})~~|(?<em>[*_])(?=\S)(?<emText>[^*_]{1,2000}?)\k<em>/s

/** Longer paragraphs stay as they are. */
const LONGEST = 20_000

export function parseInline(text: string): readonly Inline[] {
  if (text.length > LONGEST) return [{ kind: 'text', text }]
  const inline: Inline[] = []
  let rest = text
  for (let match; (match = INLINE.exec(rest)); rest = rest.slice(match.index + match[0].length)) {
    if (match.index > 0) inline.push({ kind: 'text', text: rest.slice(0, match.index) })
    const { codeText, text: label, target, bang, strongText, strikeText, emText } = match.groups!
    if (codeText !== undefined) inline.push({ kind: 'code', text: codeText })
    else if (label !== undefined) inline.push({ kind: bang ? 'picture' : 'link', text: label, target: target ?? '' })
    else if (strongText !== undefined) inline.push({ kind: 'strong', children: parseInline(strongText) })
    else if (strikeText !== undefined) inline.push({ kind: 'strike', children: parseInline(strikeText) })
    else inline.push({ kind: 'emphasis', children: parseInline(emText ?? '') })
  }
  if (rest !== '') inline.push({ kind: 'text', text: rest })
  return inline
}
