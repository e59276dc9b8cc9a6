import { useMemo, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { visible } from '../../ui/visible.ts'
import { type Block, type Inline, parseMarkdown } from './markdown.ts'

/** Longer texts are shown as they are written. */
export const MARKDOWN_LIMIT = 200_000
/** Blocks that are shown at first. */
const SHOWN = 300

export function MarkdownView({ bytes }: { readonly bytes: ArrayBuffer }) {
  const blocks = useMemo(() => parseMarkdown(new TextDecoder().decode(bytes)), [bytes])
  const [shown, setShown] = useState(SHOWN)
  return (
    <div className="markdown" tabIndex={0} role="document" aria-label="Rendered Markdown">
      <Blocks blocks={blocks.slice(0, shown)} />
      {blocks.length > shown && <Button onClick={() => setShown(shown + SHOWN)}>Show more</Button>}
    </div>
  )
}

function Blocks({ blocks }: { readonly blocks: readonly Block[] }) {
  return blocks.map((block, index) => <BlockView key={index} block={block} />)
}

function BlockView({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'heading':
      return (
        <div className={`markdown-h${block.level}`} role="heading" aria-level={block.level}>
          <Inlines inline={block.inline} />
        </div>
      )
    case 'paragraph':
      return (
        <p>
          <Inlines inline={block.inline} />
        </p>
      )
    case 'code':
      return <pre>{block.text.split('\n').map(visible).join('\n')}</pre>
    case 'quote':
      return (
        <blockquote>
          <Blocks blocks={block.blocks} />
        </blockquote>
      )
    case 'list': {
      const items = block.items.map((item, index) => (
        <li key={index}>
          <Blocks blocks={item} />
        </li>
      ))
      return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>
    }
    case 'table':
      return (
        <table>
          <tbody>
            {block.rows.map((row, index) => (
              <tr key={index}>
                {row.map((cell, column) => {
                  const Cell = index === 0 ? 'th' : 'td'
                  return (
                    <Cell key={column}>
                      <Inlines inline={cell} />
                    </Cell>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      )
    case 'rule':
      return <hr />
  }
}

function Inlines({ inline }: { readonly inline: readonly Inline[] }) {
  return inline.map((part, index) => <InlineView key={index} part={part} />)
}

function InlineView({ part }: { readonly part: Inline }) {
  switch (part.kind) {
    case 'text':
      return part.text.split('\n').map(visible).join('\n')
    case 'code':
      return <code>{visible(part.text)}</code>
    case 'strong':
      return (
        <strong>
          <Inlines inline={part.children} />
        </strong>
      )
    case 'emphasis':
      return (
        <em>
          <Inlines inline={part.children} />
        </em>
      )
    case 'strike':
      return (
        <s>
          <Inlines inline={part.children} />
        </s>
      )
    case 'link':
      return (
        <span className="markdown-link" title={visible(part.target)}>
          {visible(part.text)}
        </span>
      )
    case 'picture':
      return (
        <span className="markdown-picture" title={visible(part.target)}>
          picture: {visible(part.text || part.target)}
        </span>
      )
  }
}
