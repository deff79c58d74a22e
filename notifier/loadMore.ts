import { join } from 'node:path';

/** What is in the second bundle. */
export type More = typeof import('./more');

/** Loads the second bundle from beside the first. The bundler does not see this, and so keeps them apart. */
export function loadMore(): More {
  return require(join(__dirname, 'more')) as More;
}
