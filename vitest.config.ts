import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const minutes = (n: number): number => n * 60_000
/** Tests wait for disks, engines and each other's processes: one file more than there are cores, at the same time. */
const beside = availableParallelism() + 1

/**
 * What plays at random against a machine of which nobody knows how loaded it is, is tried again before it fails a submission;
 * by hand it fails at once.
 */
const tries = process.env['CI'] ? 3 : 0

/** One project for each stage of `npm test`. Every test has engines, mounts and folders of its own. */
const stage = (name: string, limit: number, maxWorkers = beside): object => ({
  extends: true,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    maxWorkers,
    retry: tries,
    testTimeout: limit,
    hookTimeout: minutes(2),
  },
})

export default defineConfig({
  test: {
    pool: 'forks',
    // What is waited for comes late on a loaded machine.
    expect: { poll: { timeout: 30_000 } },
    globalSetup: ['scripts/vitest-setup.mjs'],
    // A test that takes a few seconds is nothing to read about.
    slowTestThreshold: 10_000,
    // Of the tests of one file that say they may.
    maxConcurrency: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{mount,crash,interop,e2e,app,package}/**', '**/node_modules/**'],
          maxWorkers: beside,
          testTimeout: minutes(3),
          hookTimeout: minutes(2),
        },
      },
      stage('mount', minutes(5)),
      stage('crash', minutes(15)),
      stage('interop', minutes(15)),
      stage('e2e', minutes(10)),
      stage('app', minutes(3), 1),
      stage('package', minutes(5), 1),
    ],
  },
})
