/** highlight.js's name of the language a file is written in, by its name; null: shown without colours. */
export function languageOf(path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  const whole = byName[name]
  if (whole !== undefined) return whole
  const dot = name.lastIndexOf('.')
  return dot < 0 ? null : (byEnding[name.slice(dot + 1)] ?? null)
}

const byName: Readonly<Record<string, string>> = {
  makefile: 'makefile',
  gnumakefile: 'makefile',
  '.bashrc': 'bash',
  '.profile': 'bash',
  '.zshrc': 'bash',
  '.gitconfig': 'ini',
  '.editorconfig': 'ini',
  gemfile: 'ruby',
}

const endings: Readonly<Record<string, string>> = {
  bash: 'bash sh zsh',
  c: 'c h',
  cpp: 'cpp cc cxx hpp hh hxx',
  csharp: 'cs',
  css: 'css',
  diff: 'diff patch',
  go: 'go',
  graphql: 'graphql gql',
  ini: 'ini toml cfg conf desktop service',
  java: 'java',
  javascript: 'js mjs cjs jsx',
  json: 'json jsonc ipynb',
  kotlin: 'kt kts',
  less: 'less',
  lua: 'lua',
  makefile: 'mk mak',
  markdown: 'md markdown mdx',
  objectivec: 'm mm',
  perl: 'pl pm',
  php: 'php',
  python: 'py pyi pyw',
  r: 'r',
  ruby: 'rb',
  rust: 'rs',
  scss: 'scss',
  sql: 'sql',
  swift: 'swift',
  typescript: 'ts mts cts tsx',
  vbnet: 'vb',
  xml: 'xml html htm svg xhtml plist xsl vue',
  yaml: 'yml yaml',
}

const byEnding: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(endings).flatMap(([language, names]) => names.split(' ').map((name) => [name, language])),
)
