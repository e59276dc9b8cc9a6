/**
 * The order in which a directory's names are given out: by a hash of the name, which is also the cookie a reader
 * resumes from. So the order depends on the names alone (not on recording or remounting), and a reader that goes on
 * after others were removed or added misses none that stayed.
 */
export interface Listing {
  readonly names: readonly string[]
  /** Ascending; distinct; above 2 (`.` and `..` are 1 and 2). */
  readonly cookies: Float64Array
}

export function makeListing(names: string[]): Listing {
  const keyed = names.map((name) => ({ name, cookie: cookieOf(name) }))
  keyed.sort((a, b) => a.cookie - b.cookie || (a.name < b.name ? -1 : 1))
  const cookies = new Float64Array(keyed.length)
  let previous = 2
  for (let i = 0; i < keyed.length; i++) {
    previous = Math.max((keyed[i] as { cookie: number }).cookie, previous + 1)
    cookies[i] = previous
  }
  return { names: keyed.map((entry) => entry.name), cookies }
}

/** Index of the first name after `cookie`. */
export function indexAfter(listing: Listing, cookie: number): number {
  let low = 0
  let high = listing.cookies.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((listing.cookies[middle] as number) <= cookie) low = middle + 1
    else high = middle
  }
  return low
}

/** FNV-1a in two lanes, 48 bits. */
function cookieOf(name: string): number {
  let a = 0x811c9dc5
  let b = 0x9747b28c
  for (let i = 0; i < name.length; i++) {
    const byte = name.charCodeAt(i)
    a = Math.imul(a ^ byte, 0x01000193)
    b = Math.imul(b ^ byte, 0x01000197)
  }
  a ^= a >>> 15
  b ^= b >>> 13
  return (a >>> 0) * 0x10000 + ((b >>> 0) & 0xffff) + 3
}
