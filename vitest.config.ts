import { defineConfig } from 'vitest/config'

// One project for each stage of `npm test`. What mounts, kills or times runs one file at a time; the rest in parallel.
const minutes = (n: number): number => n * 60_000
/** What plays at random against a loaded machine is tried again before it fails a submission; by hand it fails at once. */
const tries = process.env['CI'] ? 4 : 0
const serial = (name: string, limit: number): object => ({
  extends: true,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    fileParallelism: false,
    retry: tries,
    testTimeout: limit,
    hookTimeout: minutes(2),
  },
})

export default defineConfig({
  test: {
    pool: 'forks',
    globalSetup: ['scripts/vitest-setup.mjs'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{mount,crash,interop,e2e,app,package}/**', '**/node_modules/**'],
          testTimeout: minutes(1),
          hookTimeout: minutes(1),
        },
      },
      serial('mount', minutes(5)),
      serial('crash', minutes(15)),
      serial('interop', minutes(15)),
      serial('e2e', minutes(10)),
      serial('app', minutes(3)),
      serial('package', minutes(5)),
    ],
  },
})
