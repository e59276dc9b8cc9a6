// Before any test: the bundles of the processes and threads that tests start are those of the sources.
import { build } from './build.mjs';

export async function setup() {
  await build();
}
