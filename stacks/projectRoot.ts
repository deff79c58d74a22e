import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The clone's top folder, from the sources as from the bundle in `dist/`. */
export function projectRoot(from: string = __dirname): string {
  if (existsSync(join(from, 'cdk.json')) && existsSync(join(from, 'notifier'))) {
    return from;
  }
  const parent = dirname(from);
  if (parent === from) {
    throw new Error(`notifier/ and cdk.json are nowhere above ${__dirname}`);
  }
  return projectRoot(parent);
}
