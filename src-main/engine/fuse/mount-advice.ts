/** What a machine lacks for mounting, each with what to do about it. */
export const mountAdvice = {
  missing: {
    fact: '/dev/fuse is missing',
    advice: 'Load the kernel module: modprobe fuse. In a container, pass the device in.',
  },
  shut: {
    fact: '/dev/fuse may not be opened by you',
    advice: 'Have root set its mode to 0666, as Linux systems have it.',
  },
  helper: {
    fact: 'fusermount3 is not installed, and only root can mount without it',
    advice: 'Install the package fuse3.',
  },
} as const

/** How fusermount3 (util/fusermount.c of libfuse) words it, or the system for a helper that is not there. */
const words = [
  ['missing', /fuse device not found/],
  ['shut', /failed to open \S+: (?:Permission denied|Operation not permitted)/],
  ['helper', /^No such file or directory/],
] as const

/** Why a mount failed, and what to do, in words of ours where we have some. */
export function explained(why: string): string {
  const kind = words.find(([, said]) => said.test(why))?.[0]
  if (kind === undefined) return `${why.trim()}. "ize doctor" checks what is missing.`
  const { fact, advice } = mountAdvice[kind]
  return `${fact}. ${advice}`
}
