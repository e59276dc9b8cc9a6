/** Where a key leads from row `here` (-1: none) among rows of which some cannot be gone to. Null: not a key of ours. */
export function moveTo(
  key: string,
  here: number,
  count: number,
  page: number,
  canBe: (index: number) => boolean = () => true,
): number | null {
  const seek = (from: number, step: 1 | -1): number | null => {
    for (let index = from; index >= 0 && index < count; index += step) if (canBe(index)) return index
    return null
  }
  const last = count - 1
  switch (key) {
    case 'ArrowDown':
      return seek(here + 1, 1) ?? here
    case 'ArrowUp':
      return seek(here < 0 ? last : here - 1, -1) ?? here
    case 'PageDown':
      return seek(Math.min(last, Math.max(0, here) + page), 1) ?? seek(last, -1)
    case 'PageUp':
      return seek(Math.max(0, here - page), -1) ?? seek(0, 1)
    case 'Home':
      return seek(0, 1)
    case 'End':
      return seek(last, -1)
    default:
      return null
  }
}
