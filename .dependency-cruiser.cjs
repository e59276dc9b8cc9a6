// The layers of docs/architecture.md, checked by `npm run check`.
/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that import each other are one file, or need a third.',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'clients-know-only-the-client',
      comment:
        'The command line and the app talk to the engine through its socket: they import src-main/client. Proofs are checked without it.',
      severity: 'error',
      from: { path: '^src-main/(app|cli|ui|window)/' },
      to: { path: '^src-main/engine/', pathNot: '^src-main/engine/(store/seals/offline|config/locations)[.]ts$' },
    },
    {
      name: 'client-knows-no-engine',
      comment:
        'What every client imports must not pull the engine in; where the central directory is they ask as it does.',
      severity: 'error',
      from: { path: '^(src-main/client|src-preload)/' },
      to: { path: '^src-main/(engine|app|cli)/', pathNot: '^src-main/engine/config/locations[.]ts$' },
    },
    {
      name: 'engine-knows-no-client',
      comment: 'The engine answers; it does not know who asks. What both share is src-preload/contract.ts.',
      severity: 'error',
      from: { path: '^src-main/engine/' },
      to: { path: '^src-main/(app|cli|client)/' },
    },
    {
      name: 'no-electron-in-the-engine',
      comment: 'The engine runs under plain Node: its tests and the command line need no Electron.',
      severity: 'error',
      from: { path: '^src-main/(engine|client|cli)/' },
      to: { path: '(^|node_modules/)electron(/|$)' },
    },
    {
      name: 'renderer-speaks-only-the-contract',
      comment: 'The renderer has no access but the typed bridge of src-preload.',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: { path: '^src-main/' },
    },
    {
      name: 'sources-import-no-tests',
      severity: 'error',
      from: { path: '^src-' },
      to: { path: '^(test|bench|scripts)/' },
    },
    {
      name: 'not-resolvable',
      comment: 'A misspelt import, or a package that package.json does not name.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(out|target)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json'],
    },
  },
}
