import type { Page } from 'playwright-core'

/**
 * What does not fit in the window: what scrolls sideways (code may), is cut off without an ellipsis, or cannot be
 * reached. As short lines.
 */
export function unfitting(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults = new Set<string>()
    const { innerWidth, innerHeight } = globalThis
    const add = (why: string, { localName, className, textContent }: Element): void => {
      const name = typeof className === 'string' && className !== '' ? `.${className.trim().replace(/\s+/g, '.')}` : ''
      faults.add(`${why}: ${localName}${name} “${(textContent ?? '').trim().slice(0, 40)}”`)
    }
    if (document.documentElement.scrollWidth > innerWidth + 1) add('the window scrolls sideways', document.body)
    const roots = ['#root', '[role="dialog"]', '[role="menu"]'].flatMap((root) => [...document.querySelectorAll(root)])
    for (const element of roots.flatMap((root) => [root, ...root.querySelectorAll('*')])) {
      // Code, bytes and pictures have ways of their own; what is only heard has no place.
      if (element.closest('.heard, svg, .diff, .hex-rows, pre, .ticks, .image-overlaid, option')) continue
      const { left, right, top, bottom, width, height } = element.getBoundingClientRect()
      if (width < 2 || height < 2) continue
      const { overflowX, overflowY, textOverflow } = getComputedStyle(element)
      const [across, down] = [element.scrollWidth - element.clientWidth, element.scrollHeight - element.clientHeight]
      const sized = element.clientWidth > 0
      if (sized && across > 1 && ['auto', 'scroll'].includes(overflowX)) add('scrolls sideways', element)
      if (sized && across > 1 && ['hidden', 'clip'].includes(overflowX) && textOverflow !== 'ellipsis')
        add('is cut off at the side', element)
      if (sized && down > 2 && ['hidden', 'clip'].includes(overflowY)) add('is cut off below', element)
      if (sized && element.matches('button, label, .list-row, td, th') && (across > 1 || down > 2))
        add('is larger than its place', element)
      if (element.matches('button, input, select, textarea, [tabindex="0"]') && (right > innerWidth + 1 || left < -1))
        add('lies outside of the window', element)
      if (element.matches('[role="dialog"], [role="menu"]') && (top < 0 || bottom > innerHeight + 1))
        add('is higher than the window', element)
    }
    return [...faults]
  })
}
