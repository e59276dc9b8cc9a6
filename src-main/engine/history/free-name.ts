const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** Of a name, in bytes (latin1 here): ext4, Btrfs, XFS. */
const NAME_MAX = 255

/**
 * A name for an earlier version beside what is there: `notes (21 Nov 14.02).txt`, with seconds or a number when it is
 * taken. `time`: of the version, in seconds; told in the machine's time zone. Names are latin1 strings.
 */
export function freeName(name: string, time: number, taken: (candidate: string) => boolean): string {
  const at = new Date(time * 1000)
  const two = (n: number): string => String(n).padStart(2, '0')
  const year = at.getFullYear() === new Date().getFullYear() ? '' : ` ${at.getFullYear()}`
  const minute = `${at.getDate()} ${MONTHS[at.getMonth()] ?? ''}${year} ${two(at.getHours())}.${two(at.getMinutes())}`
  const dot = name.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  const named = (when: string): string => {
    const marked = ` (${when})${ending}`
    return marked.length < NAME_MAX ? `${stem.slice(0, NAME_MAX - marked.length)}${marked}` : `(${when})`
  }
  const plain = named(minute)
  if (!taken(plain)) return plain
  const exact = `${minute}.${two(at.getSeconds())}`
  for (let n = 1; ; n++) {
    const candidate = named(n === 1 ? exact : `${exact}, ${n}`)
    if (!taken(candidate)) return candidate
  }
}
