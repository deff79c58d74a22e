import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The clone's top folder, from the bundle in `dist/` as from the sources. */
export function projectRoot(from: string = __dirname): string {
  if (existsSync(join(from, 'bin', 'garrison.js'))) {
    return from;
  }
  const parent = dirname(from);
  if (parent === from) {
    throw new Error('bin/garrison.js is nowhere above this file');
  }
  return projectRoot(parent);
}
